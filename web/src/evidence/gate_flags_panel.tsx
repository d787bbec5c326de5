import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import { PlainTable } from '../shared/plain_table';
import { FailureNotice, Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { gateFlagsQuery } from './queries';
import { Outcome } from './table_words';
import { useGateAct } from './use_gate_act';

export function useDecideAgain() {
  const acting = useGateAct();
  const decide = (report: number, jurisdiction?: string) => {
    const body = { jurisdiction: jurisdiction === undefined || jurisdiction === '' ? null : jurisdiction };
    const call = () => take(api.POST('/api/v1/reports/{id}/gate/decide', { params: { path: { id: report } }, body }));
    return acting.run(call);
  };
  return { decide, busy: acting.busy, error: acting.error };
}

// What a newer table would decide otherwise: the old decision holds until somebody has it decided again.
export function GateFlagsPanel({ onReport }: { onReport: (report: number) => void }) {
  const { t } = useWords();
  const [after, setAfter] = useState(0);
  const query = useQuery(gateFlagsQuery(after));
  const again = useDecideAgain();
  return (
    <Panel title={t('gate.flags')} note={t('gate.flags_about')}>
      {again.error === null ? null : <FailureNotice error={again.error} />}
      <Loaded query={query}>
        {({ items, searched, next_after }) => (
          <>
            {searched ? null : <p role="status">{t('gate.searching')}</p>}
            {items.length === 0 ? (
              <p className="quiet">{t('gate.no_flags')}</p>
            ) : (
              <PlainTable
                label={t('gate.flags')}
                head={[t('gate.report'), t('gate.file'), t('gate.now'), t('gate.today'), t('gate.act')]}
                rows={items.map((one) => [
                  <button type="button" className="link-button" onClick={() => onReport(one.report_id)}>
                    {one.report_id}
                  </button>,
                  one.file,
                  <>
                    <Outcome decision={one.decision} />{' '}
                    {t('gate.by', { table: one.table, jurisdiction: one.jurisdiction })}
                  </>,
                  <Outcome decision={one.review.decision} />,
                  <Button
                    size="xs"
                    variant="default"
                    disabled={again.busy}
                    aria-label={t('gate.decide_of', { report: one.report_id })}
                    onClick={() => void again.decide(one.report_id)}
                  >
                    {t('gate.decide')}
                  </Button>,
                ])}
              />
            )}
            {next_after === null ? null : (
              <Button variant="default" onClick={() => setAfter(next_after)}>
                {t('gate.more')}
              </Button>
            )}
            {after === 0 ? null : (
              <Button variant="default" onClick={() => setAfter(0)}>
                {t('gate.first')}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
