import { Link } from 'react-router';
import type { FiredRule, TipRow, TipScore } from '../api/types';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';
import { LevelMark, levelWord, UrgentMark } from './marks';
import { byWeight } from './rules';
import { useRuleWords } from './use_rules';

function Rule({ fired }: { fired: FiredRule }) {
  const { t, language } = useWords();
  const ruleWord = useRuleWords();
  const points = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' }).format(fired.points);
  const effects = [
    ...(fired.urgent ? [t('judged.rule_urgent')] : []),
    ...(fired.floor === null ? [] : [t('judged.rule_floor', { level: `${fired.floor} ${t(levelWord(fired.floor))}` })]),
  ];
  return (
    <li
      className={fired.urgent ? 'rule rule-urgent' : fired.points < 0 ? 'rule rule-lowers' : 'rule'}
      data-rule={fired.rule}
    >
      <span className="rule-points">
        {points}
        <span className="visually-hidden"> {t('judged.points_word')}</span>
      </span>
      <span>
        {ruleWord(fired.rule)}
        {effects.length === 0 ? null : <span className="rule-effects">{effects.join(' · ')}</span>}
      </span>
    </li>
  );
}

// Where the report stands in the queue, and each rule that put it there, heaviest first.
export function Standing({ tip, score }: { tip: TipRow; score: TipScore | undefined }) {
  const { t } = useWords();
  const { label } = useLabels();
  const fired = byWeight(score?.fired ?? []);
  return (
    <section aria-label={t('judged.why')} className="standing">
      <p className="standing-mark">
        <LevelMark level={tip.priority.value} large />
        {tip.priority.urgent ? <UrgentMark /> : null}
        <span className="quiet">{t('judged.points', { points: tip.priority.points })}</span>
      </p>
      <p className="quiet">{t('judged.as', { kind: label('incident_types', tip.incident_type) })}</p>
      {tip.test ? <p className="quiet">{t('judged.test')}</p> : null}
      {tip.behind ? <p className="quiet">{t('queue.behind_about')}</p> : null}
      {tip.repeats === null ? null : (
        <p className="quiet">
          <Link to={`/reports/${tip.repeats}`}>{t('judged.repeat', { id: tip.repeats })}</Link>
        </p>
      )}
      {fired.length === 0 ? (
        <p className="quiet">{t('judged.no_rule')}</p>
      ) : (
        <ul className="rules">
          {fired.map((one) => (
            <Rule key={one.rule} fired={one} />
          ))}
        </ul>
      )}
    </section>
  );
}
