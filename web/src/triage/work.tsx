import type { SeenSignal, TipRow } from '../api/types';
import { useNow } from '../shared/now';
import { useMay, useSession } from '../shared/session_context';
import { failureText } from '../shared/ui';
import { useWords } from '../words/words';
import { timeLeft } from './ages';
import { ClaimButtons } from './claim_buttons';
import { CloseReport } from './close_report';
import { LegalHold } from './hold';
import { Knowledge } from './knowledge';
import { TypeForm } from './type_form';
import type { Said, TipWork } from './use_tip';

export interface Hold {
  mine: boolean; // The reader's own claim, and it still runs.
  others: boolean; // Somebody else's claim, and it still runs.
  left: string | null;
}

function useHolder(tip: TipRow): Hold {
  const { language } = useWords();
  const { account } = useSession();
  const now = useNow();
  const left = tip.claimed_until === null ? null : timeLeft(tip.claimed_until, now, language);
  const runs = tip.claimed_by !== null && left !== null;
  return { mine: runs && tip.claimed_by === account, others: runs && tip.claimed_by !== account, left };
}

function StandsHow({ tip, hold }: { tip: TipRow; hold: Hold }) {
  const { t, find } = useWords();
  if (tip.disposition !== null && tip.state === 'closed')
    return <>{t('work.done', { disposition: find(`tip_dispositions.${tip.disposition}`) ?? tip.disposition })}</>;
  if (hold.mine) return <>{t('work.yours', { time: hold.left ?? '' })}</>;
  if (hold.others) return <>{t('work.theirs', { login: tip.claimed_by_login, time: hold.left ?? '' })}</>;
  if (tip.claimed_by !== null) return <>{t('work.ended', { login: tip.claimed_by_login })}</>;
  if (tip.folded && tip.bundle !== null) return <>{t('work.folded', { id: tip.bundle.lead })}</>;
  if (tip.state === 'paused_deconfliction') return <>{t('work.paused')}</>;
  if (tip.state === 'held_legal') return <>{t('work.held')}</>;
  return <>{t(tip.state === 'triaged' || tip.state === 'in_review' ? 'work.free' : 'work.not_waiting')}</>;
}

function Outcome({ said }: { said: Said | null }) {
  const { t } = useWords();
  if (said === null) return null;
  if ('failure' in said)
    return (
      <>
        {t('work.failed')} {failureText(said.failure, t)}
      </>
    );
  return <>{t(said.word)}</>;
}

// Who works on the report, and what those who may can do with it. The acts that need a claim appear with it.
export function Work({ tip, signals, work }: { tip: TipRow; signals: readonly SeenSignal[]; work: TipWork }) {
  const { t } = useWords();
  const mayWork = useMay('workTip');
  const hold = useHolder(tip);
  const bad = work.said !== null && ('failure' in work.said || work.said.bad);
  return (
    <section aria-label={t('work.title')} className="work">
      <h3>{t('work.title')}</h3>
      <p>
        <StandsHow tip={tip} hold={hold} />
      </p>
      <ClaimButtons tip={tip} hold={hold} work={work} />
      <p className={bad ? 'outcome outcome-bad' : 'outcome'} role="status">
        <Outcome said={work.said} />
      </p>
      <LegalHold tip={tip} work={work} />
      {mayWork && tip.state === 'paused_deconfliction' ? (
        <Knowledge id={tip.report_id} signals={signals} work={work} />
      ) : null}
      {mayWork && hold.mine ? (
        <>
          <TypeForm key={tip.incident_type} tip={tip} work={work} />
          <Knowledge id={tip.report_id} signals={signals} work={work} />
          <CloseReport tip={tip} work={work} />
        </>
      ) : null}
    </section>
  );
}
