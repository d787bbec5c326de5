import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TipRow } from '../api/types';
import { Ago } from '../shared/moment';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Panel, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { acts } from './acts';
import { LevelMark } from './marks';
import { membersQuery } from './queries';
import type { TipWork } from './use_tip';

function Members({ id, lead }: { id: number; lead: number }) {
  const { t } = useWords();
  const members = useInfiniteQuery(membersQuery(id));
  if (members.data === undefined)
    return members.error === null ? (
      <Waiting />
    ) : (
      <FailureNotice error={members.error} retry={() => void members.refetch()} />
    );
  return (
    <>
      <ul className="members" aria-label={t('bundle.members')}>
        {members.data.pages
          .flatMap((page) => page.items)
          .map((row) => (
            <li key={row.report_id}>
              {row.report_id === id ? (
                <strong>{row.report_id}</strong>
              ) : (
                <Link to={`/reports/${row.report_id}`}>{row.report_id}</Link>
              )}
              <LevelMark level={row.priority.value} />
              <span className="member-platform">
                {row.source === 'public' ? t('list.public') : row.organisation_name}
                {row.report_id === lead ? <Chip tone="calm">{t('bundle.lead')}</Chip> : null}
                {row.pulled ? <Chip tone="warn">{t('bundle.pulled_out')}</Chip> : null}
              </span>
              <span className="quiet">
                <Ago at={row.received_at} />
              </span>
            </li>
          ))}
      </ul>
      {members.hasNextPage ? (
        <Button
          size="xs"
          variant="default"
          loading={members.isFetchingNextPage}
          onClick={() => void members.fetchNextPage()}
        >
          {t('bundle.more')}
        </Button>
      ) : null}
    </>
  );
}

function About({ tip }: { tip: TipRow }) {
  const { t, tn } = useWords();
  const { bundle } = tip;
  if (tip.pulled || bundle === null) return <>{t('bundle.pulled')}</>;
  if (tip.folded)
    return (
      <>
        {t('bundle.under')} <Link to={`/reports/${bundle.lead}`}>{bundle.lead}</Link>.
      </>
    );
  return (
    <>
      {t('bundle.leads', {
        reports: tn('queue.reports', bundle.reports),
        incidents: tn('queue.incidents', bundle.incidents),
      })}
    </>
  );
}

// The viral item this report is one of many copies of.
export function BundlePanel({ tip, work }: { tip: TipRow; work: TipWork }) {
  const { t } = useWords();
  const mayWork = useMay('workTip');
  const [shown, setShown] = useState(false);
  const id = tip.report_id;
  return (
    <Panel title={t('bundle.title')}>
      <div className="stack">
        <p>
          <About tip={tip} />
        </p>
        {mayWork && tip.state !== 'closed' ? (
          <div className="work-buttons">
            <Button
              size="xs"
              variant="default"
              disabled={work.busy}
              onClick={() =>
                void (tip.pulled ? work.act('put_back', () => acts.putBack(id)) : work.act('pull', () => acts.pull(id)))
              }
            >
              {t(tip.pulled ? 'bundle.put_back' : 'bundle.pull')}
            </Button>
            {tip.pulled ? null : <span className="quiet">{t('bundle.pull_about')}</span>}
          </div>
        ) : null}
        {tip.bundle === null ? null : shown ? (
          <Members id={id} lead={tip.bundle.lead} />
        ) : (
          <div>
            <Button size="xs" variant="default" onClick={() => setShown(true)}>
              {t('bundle.show')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
