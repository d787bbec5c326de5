import type { TipRow } from '../api/types';
import { useWords } from '../words/words';
import { CompletenessBar } from './marks';

// Whether someone who must act could, and what to ask for.
export function Completeness({ completeness }: { completeness: TipRow['completeness'] }) {
  const { t } = useWords();
  return (
    <section aria-label={t('complete.title')} className="completeness">
      <h3>{t('complete.title')}</h3>
      <p>
        <CompletenessBar score={completeness.score} />
        <span className="visually-hidden">{t('complete.of', { percent: completeness.score })}</span>
      </p>
      {completeness.missing.length === 0 ? (
        <p className="all-good">{t('complete.nothing')}</p>
      ) : (
        <>
          <p className="quiet">{t('complete.missing')}</p>
          <ul className="missing">
            {completeness.missing.map((item) => (
              <li key={item}>{t(`item.${item}`)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
