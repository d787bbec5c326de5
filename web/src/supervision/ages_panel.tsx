import type { WaitingAge } from '../api/types';
import { count } from '../shared/format';
import { PlainTable } from '../shared/plain_table';
import { Chip, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import './supervision.css';

const WIDTH = 100;
const HEIGHT = 8;

const sum = (levels: readonly number[]) => levels.reduce((all, one) => all + one, 0);

// The numbers beside it are the content; the bars help the eye.
function Share({ levels, most }: { levels: readonly number[]; most: number }) {
  const ends = levels.map((_, index) => (sum(levels.slice(0, index + 1)) / most) * WIDTH);
  return (
    <svg className="age-share" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {ends.map((end, index) => {
        const from = index === 0 ? 0 : (ends[index - 1] ?? 0);
        return (
          <rect key={index} className={`share share-${index + 1}`} x={from} y={0} width={end - from} height={HEIGHT} />
        );
      })}
    </svg>
  );
}

// How long what waits has waited, by level.
export function AgesPanel({ ages }: { ages: readonly WaitingAge[] }) {
  const { t, find, language } = useWords();
  const most = Math.max(1, ...ages.map((one) => sum(one.levels)));
  const name = (below: number | null) =>
    below === null ? t('watch.age_above') : (find(`watch.age_below_${below}`) ?? String(below));
  return (
    <Panel title={t('watch.ages')} note={t('watch.ages_about')}>
      <PlainTable
        label={t('watch.ages')}
        head={[t('watch.age'), t('level.1'), t('level.2'), t('level.3'), t('watch.all'), t('watch.share')]}
        rows={ages.map((one) => [
          <>
            {name(one.minutes_below)}{' '}
            {one.urgent === 0 ? null : (
              <Chip tone="bad">
                {t('level.urgent')} {count(one.urgent, language)}
              </Chip>
            )}
          </>,
          ...one.levels.map((reports) => `${count(reports, language)}${one.more ? '+' : ''}`),
          one.more ? t('watch.at_least', { count: count(10_000, language) }) : count(sum(one.levels), language),
          <Share levels={one.levels} most={most} />,
        ])}
      />
    </Panel>
  );
}
