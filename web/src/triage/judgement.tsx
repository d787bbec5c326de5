import type { ComponentType } from 'react';
import { Failure } from '../api/failure';
import type { TipDetail, TipRow } from '../api/types';
import { NewsNotice } from '../shared/news';
import { FailureNotice, Panel, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { BundlePanel } from './bundle_panel';
import { Completeness } from './completeness';
import { History } from './history';
import { LinksPanel } from './links_panel';
import { Seen } from './seen';
import { Standing } from './standing';
import { useTip, type TipWork } from './use_tip';
import { Work } from './work';

// Where a report goes, shown by another room below how it was judged.
// It reads again whenever `reading` grows.
export type RoutingPart = ComponentType<{ tip: TipRow; reading: number; onReferred: () => void }>;

// How a report was judged, and what people do with it; on the page of the report.
export function Judgement({
  id,
  reading,
  onActed,
  routing,
}: {
  id: number;
  reading: number;
  onActed: (row: TipRow) => void;
  routing: RoutingPart | null;
}) {
  const { t } = useWords();
  const tip = useTip(id, reading, onActed);
  if (tip.error instanceof Failure && tip.error.status === 404) return <NotJudged />;
  if (tip.detail === null)
    return (
      <Panel title={t('judged.title')}>
        {tip.error === null ? <Waiting /> : <FailureNotice error={tip.error} retry={tip.readAgain} />}
      </Panel>
    );
  return <Judged detail={tip.detail} reading={reading} work={tip} onActed={onActed} routing={routing} />;
}

function NotJudged() {
  const { t } = useWords();
  return (
    <Panel title={t('judged.title')}>
      <p className="quiet">{t('judged.none')}</p>
    </Panel>
  );
}

function Judged({
  detail,
  reading,
  work,
  onActed,
  routing: Routing,
}: {
  detail: TipDetail;
  reading: number;
  work: TipWork;
  onActed: (row: TipRow) => void;
  routing: RoutingPart | null;
}) {
  const { t } = useWords();
  const { tip, scores, links } = detail;
  const newest = scores[0];
  // Who was pulled out of a bundle is in none, and can be put back.
  const bundled = tip.bundle !== null || tip.pulled;
  return (
    <>
      <Panel
        title={t('judged.title')}
        note={t('judged.version', { version: tip.priority.rules_version })}
        id="judgement"
      >
        {work.error === null ? null : <FailureNotice error={work.error} retry={work.readAgain} />}
        <NewsNotice news={work.news} some="judged.changed" show="judged.show" onShow={work.readAgain} />
        <div className="judged">
          <Standing tip={tip} score={newest} />
          <Completeness completeness={tip.completeness} />
          <Work tip={tip} signals={newest?.signals ?? []} work={work} />
        </div>
        <div className="judged-more">
          <Seen signals={newest?.signals ?? []} />
          <History scores={scores} />
        </div>
      </Panel>
      {Routing === null ? null : (
        <Routing
          tip={tip}
          reading={reading}
          onReferred={() => {
            onActed({ ...tip, state: 'made_available' });
            work.readAgain();
          }}
        />
      )}
      <div className="judged-beside">
        {bundled ? <BundlePanel tip={tip} work={work} /> : null}
        <LinksPanel key={tip.report_id} report={tip.report_id} links={links} organisation={tip.organisation} />
      </div>
    </>
  );
}
