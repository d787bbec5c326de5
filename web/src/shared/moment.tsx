import { useWords } from '../words/words';
import { dateOnly, fullMoment, relativeTime } from './format';
import { useNow } from './now';

// "2 min ago", with the exact time in UTC on hover.
export function Ago({ at }: { at: string }) {
  const { language } = useWords();
  const now = useNow();
  return (
    <time dateTime={at} title={fullMoment(at, language, 'UTC')}>
      {relativeTime(at, now, language)}
    </time>
  );
}

// The reader's own time, with UTC on hover.
export function Exact({ at }: { at: string }) {
  const { language } = useWords();
  return (
    <time dateTime={at} title={fullMoment(at, language, 'UTC')}>
      {fullMoment(at, language)}
    </time>
  );
}

export function DateOnly({ at }: { at: string }) {
  const { language } = useWords();
  return (
    <time dateTime={at} title={fullMoment(at, language, 'UTC')}>
      {dateOnly(at, language)}
    </time>
  );
}
