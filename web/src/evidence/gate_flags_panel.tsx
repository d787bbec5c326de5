import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import type { FlaggedFile } from '../api/types';
import { PlainTable } from '../shared/plain_table';
import { FailureNotice, Loaded, Panel } from '../shared/ui';
import { Confirm } from '../triage/confirm';
import { useWords } from '../words/words';
import { byReport } from './flags';
import { gateFlagsQuery } from './queries';
import { Outcome } from './table_words';
import { useGateAct } from './use_gate_act';

export function decideAgain(report: number, jurisdiction = '') {
  const body = { jurisdiction: jurisdiction === '' ? null : jurisdiction };
  return take(api.POST('/api/v1/reports/{id}/gate/decide', { params: { path: { id: report } }, body }));
}

// One report after the other, each a decision of its own; says how far it has come. One that cannot be decided holds up none of the others.
function DecideAll({ reports }: { reports: readonly number[] }) {
  const { t, tn } = useWords();
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState<readonly number[]>([]);
  const acting = useGateAct();
  const all = async () => {
    const left: number[] = [];
    setFailed([]);
    setDone(0);
    await acting.run(async () => {
      for (const report of reports) {
        await decideAgain(report).catch(() => left.push(report));
        setDone((before) => before + 1);
      }
    });
    setFailed(left);
    if (left.length === 0) setAsking(false);
  };
  return (
    <>
      {reports.length < 2 ? null : (
        <div>
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('gate.all')}
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        title={t('gate.all')}
        text={t('gate.all_sure')}
        yes={`${t('gate.decide')}: ${tn('gate.all_yes', reports.length)}`}
        busy={acting.busy}
        onYes={() => void all()}
        onClose={() => setAsking(false)}
      >
        {acting.busy ? <p role="status">{t('gate.all_done', { done, all: reports.length })}</p> : null}
        {failed.length === 0 ? null : <p role="alert">{t('gate.all_failed', { reports: failed.join(', ') })}</p>}
      </Confirm>
    </>
  );
}

function Flags({ items, onReport }: { items: readonly FlaggedFile[]; onReport: (report: number) => void }) {
  const { t } = useWords();
  const acting = useGateAct();
  const groups = byReport(items);
  return (
    <>
      {acting.error === null ? null : <FailureNotice error={acting.error} />}
      <PlainTable
        label={t('gate.flags')}
        head={[t('gate.report'), t('gate.files'), t('gate.now'), t('gate.today'), t('gate.act')]}
        keys={groups.map(({ first }) => first.file)}
        rows={groups.map(({ report, files, first }) => [
          <button type="button" className="link-button" onClick={() => onReport(report)}>
            {report}
          </button>,
          files,
          <>
            <Outcome decision={first.decision} />{' '}
            {t('gate.by', { table: first.table, jurisdiction: first.jurisdiction })}
          </>,
          <Outcome decision={first.review.decision} />,
          <Button
            size="xs"
            variant="default"
            disabled={acting.busy}
            aria-label={t('gate.decide_of', { report })}
            onClick={() => void acting.run(() => decideAgain(report))}
          >
            {t('gate.decide')}
          </Button>,
        ])}
      />
    </>
  );
}

// What a newer table would decide otherwise: the old decision holds until somebody has it decided again.
export function GateFlagsPanel({ onReport }: { onReport: (report: number) => void }) {
  const { t } = useWords();
  const [after, setAfter] = useState(0);
  const query = useQuery(gateFlagsQuery(after));
  return (
    <Panel title={t('gate.flags')} note={t('gate.flags_about')}>
      <Loaded query={query}>
        {({ items, searched, next_after }) => (
          <div className="stack">
            {searched ? null : <p role="status">{t('gate.searching')}</p>}
            {items.length > 0 ? <Flags items={items} onReport={onReport} /> : null}
            <DecideAll reports={[...new Set(items.map((one) => one.report_id))]} />
            {items.length === 0 && searched && after === 0 && next_after === null ? (
              <p className="quiet">{t('gate.no_flags')}</p>
            ) : null}
            <div className="gate-form">
              {after === 0 ? null : (
                <Button variant="default" onClick={() => setAfter(0)}>
                  {t('gate.first')}
                </Button>
              )}
              {next_after === null ? null : (
                <Button variant="default" onClick={() => setAfter(next_after)}>
                  {t('gate.more')}
                </Button>
              )}
            </div>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
