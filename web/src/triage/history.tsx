import type { TipScore } from '../api/types';
import { humanise } from '../shared/format';
import { Exact } from '../shared/moment';
import { useSession } from '../shared/session_context';
import { useWords } from '../words/words';
import { LevelMark, UrgentMark } from './marks';
import { changeOf } from './rules';

// Every judgement, newest first: what caused it, who, and which way the report went.
export function History({ scores }: { scores: readonly TipScore[] }) {
  const { t, find } = useWords();
  const { account } = useSession();
  const who = (score: TipScore) => {
    if (score.account === 0) return t('score.by_rules');
    return score.account === account
      ? t('score.by_you')
      : t('score.by_person', { account: score.account_login || String(score.account) });
  };
  return (
    <details className="fold">
      <summary>
        {t('judged.history')} <span className="quiet">{scores.length}</span>
      </summary>
      <ol className="scores" reversed>
        {scores.map((score, index) => (
          <li key={score.number}>
            <span className="score-mark">
              <LevelMark level={score.value} />
              {score.urgent ? <UrgentMark /> : null}
              <span className="quiet">{t('judged.points', { points: score.points })}</span>
            </span>
            <span>
              {find(`cause.${score.cause}`) ?? humanise(score.cause)}, {who(score)}.
            </span>
            <span className="quiet">
              {t(`score.${changeOf(score, scores[index + 1])}`)} · <Exact at={score.at} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
