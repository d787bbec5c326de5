import { daysUntil } from '../shared/format';
import { useNow } from '../shared/now';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';

// The profile's notices: see "preservation_notice_…" there.
const SOON_DAYS = 90;
const PRESSING_DAYS = 30;
const LAST_DAYS = 7;

// How long the platform still keeps the data of a report, where that is not long.
export function DaysLeft({ until }: { until: string }) {
  const { tn } = useWords();
  const days = daysUntil(until, useNow());
  if (days < 0 || days >= SOON_DAYS) return null;
  return (
    <Chip tone={days < LAST_DAYS ? 'bad' : days < PRESSING_DAYS ? 'warn' : 'plain'}>
      {tn('delivery.days_left', days)}
    </Chip>
  );
}
