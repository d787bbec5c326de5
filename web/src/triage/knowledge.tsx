import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SeenSignal } from '../api/types';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';
import { acts, PERSONS_SIGNALS } from './acts';
import { Confirm } from './confirm';
import type { TipWork } from './use_tip';

type PersonsSignal = (typeof PERSONS_SIGNALS)[number];

// What only a person can say of a report. Each is asked once more, since it moves the report.
export function Knowledge({ id, signals, work }: { id: number; signals: readonly SeenSignal[]; work: TipWork }) {
  const { t } = useWords();
  const [asked, setAsked] = useState<PersonsSignal | null>(null);
  const said = (signal: PersonsSignal) => signals.some((one) => one.signal === signal);
  const withdraws = asked !== null && said(asked);
  const yes = () => {
    if (asked === null) return;
    void work.act('signal', () => acts.signal(id, asked, !withdraws)).then(() => setAsked(null));
  };
  return (
    <div className="knowledge">
      <h4>{t('work.knowledge')}</h4>
      <ul>
        {PERSONS_SIGNALS.map((signal) => (
          <li key={signal}>
            <span>
              {t(`know.${signal}`)} {said(signal) ? <Chip tone="busy">{t('know.said')}</Chip> : null}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              disabled={work.busy}
              aria-label={
                said(signal)
                  ? t('know.withdraw_of', { what: t(`know.${signal}`) })
                  : `${t('know.say')}: ${t(`know.${signal}`)}`
              }
              onClick={() => setAsked(signal)}
            >
              {t(said(signal) ? 'know.withdraw' : 'know.say')}
            </Button>
          </li>
        ))}
      </ul>
      <Confirm
        open={asked !== null}
        title={
          asked === null ? '' : withdraws ? t('know.withdraw_of', { what: t(`know.${asked}`) }) : t(`know.${asked}`)
        }
        text={asked === null ? '' : withdraws ? t('know.withdraw_sure') : t(`know.${asked}.sure`)}
        yes={t(withdraws ? 'know.withdraw' : 'know.yes')}
        busy={work.busy}
        onYes={yes}
        onClose={() => setAsked(null)}
      />
    </div>
  );
}
