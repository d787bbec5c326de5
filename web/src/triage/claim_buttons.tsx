import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TipRow } from '../api/types';
import { useMay } from '../shared/session_context';
import { useWords } from '../words/words';
import { acts } from './acts';
import { Confirm } from './confirm';
import type { TipWork } from './use_tip';
import type { Hold } from './work';

// Taking a report, giving it back, and what a supervisor may do besides.
export function ClaimButtons({ tip, hold, work }: { tip: TipRow; hold: Hold; work: TipWork }) {
  const { t } = useWords();
  const mayWork = useMay('workTip');
  const maySupervise = useMay('superviseTips');
  const [asking, setAsking] = useState<'take_back' | 'reopen' | null>(null);
  const id = tip.report_id;
  const waits = tip.state === 'triaged' || tip.state === 'in_review';
  const closed = tip.state === 'closed';
  const ask = (what: 'take_back' | 'reopen') => {
    const run = what === 'reopen' ? acts.reopen : acts.takeBack;
    void work.act(what, () => run(id)).then(() => setAsking(null));
  };
  return (
    <div className="work-buttons">
      {mayWork && waits && !hold.mine && !hold.others ? (
        <>
          <Button size="sm" loading={work.busy} onClick={() => void work.act('claim', () => acts.claim(id))}>
            {t('work.claim')}
          </Button>
          <span className="quiet">{t('work.claim_about')}</span>
        </>
      ) : null}
      {mayWork && hold.mine ? (
        <>
          <Button
            size="xs"
            variant="default"
            disabled={work.busy}
            onClick={() => void work.act('release', () => acts.release(id))}
          >
            {t('work.release')}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            disabled={work.busy}
            onClick={() => void work.act('claim', () => acts.claim(id))}
          >
            {t('work.extend')}
          </Button>
        </>
      ) : null}
      {maySupervise && hold.others ? (
        <Button size="xs" variant="default" disabled={work.busy} onClick={() => setAsking('take_back')}>
          {t('work.take_back', { login: tip.claimed_by_login })}
        </Button>
      ) : null}
      {maySupervise && closed ? (
        <Button size="xs" variant="default" disabled={work.busy} onClick={() => setAsking('reopen')}>
          {t('work.reopen')}
        </Button>
      ) : null}
      <Confirm
        open={asking === 'take_back'}
        title={t('work.take_back', { login: tip.claimed_by_login })}
        text={t('work.take_back_sure', { login: tip.claimed_by_login })}
        yes={t('work.take_back', { login: tip.claimed_by_login })}
        busy={work.busy}
        onYes={() => ask('take_back')}
        onClose={() => setAsking(null)}
      />
      <Confirm
        open={asking === 'reopen'}
        title={t('work.reopen')}
        text={t('work.reopen_sure')}
        yes={t('work.reopen')}
        busy={work.busy}
        onYes={() => ask('reopen')}
        onClose={() => setAsking(null)}
      />
    </div>
  );
}
