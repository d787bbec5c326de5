import type { SeenSignal } from '../api/types';
import { humanise } from '../shared/format';
import { useWords, type Speaker } from '../words/words';

// "conversation", "file 2": codes of places, in words.
export function placeText(place: string, { t, find }: Pick<Speaker, 't' | 'find'>): string {
  const numbered = /^(file|item) (\d+)$/.exec(place);
  const number = numbered?.[2];
  if (number !== undefined) return t(numbered?.[1] === 'file' ? 'place.file' : 'place.item', { number });
  return find(`place.${place}`) ?? humanise(place);
}

// What the rules looked at. Never a word of the report itself: only that something was seen, and where to look.
export function Seen({ signals }: { signals: readonly SeenSignal[] }) {
  const words = useWords();
  const { t } = words;
  return (
    <details className="fold">
      <summary>
        {t('judged.signals')} <span className="quiet">{signals.length}</span>
      </summary>
      {signals.length === 0 ? (
        <p className="quiet">{t('judged.signals_none')}</p>
      ) : (
        <ul className="seen">
          {signals.map(({ signal, places }) => (
            <li key={signal}>
              <span>{t(`signal.${signal}`)}</span>
              {places.length === 0 ? null : (
                <span className="quiet">{places.map((place) => placeText(place, words)).join(', ')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
