import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { QueueCounts } from '../api/types';
import { count } from '../shared/format';
import { useNow } from '../shared/now';
import { useWords } from '../words/words';
import { age } from './ages';
import { searchFrom, type QueueFilters } from './filters';
import { LevelMark, UrgentMark } from './marks';
import { queueCountsQuery } from './queries';
import { COUNT_MAX, standingOf } from './rules';

const CHECK_MS = 15_000;

function Figure({ to, value, name, note }: { to: QueueFilters; value: number; name: ReactNode; note?: string }) {
  const { language } = useWords();
  return (
    <li>
      <Link to={`/queue?${searchFrom(to).toString()}`}>
        <strong>
          {count(value, language)}
          {value >= COUNT_MAX ? '+' : ''}
        </strong>{' '}
        <span className="strip-name">{name}</span>
      </Link>
      {note === undefined ? null : <span className="quiet">{note}</span>}
    </li>
  );
}

function Strip({ counts }: { counts: QueueCounts }) {
  const { t, language } = useWords();
  const now = useNow();
  const standing = standingOf(counts);
  const urgentNote =
    standing.urgent === 0
      ? t('strip.no_urgent')
      : counts.oldest_urgent === null
        ? t('strip.all_claimed')
        : t('strip.longest', { age: age(counts.oldest_urgent, now, language) });
  return (
    <ul className="strip" aria-label={t('strip.title')}>
      <Figure to={{ urgent: true }} value={standing.urgent} name={<UrgentMark />} note={urgentNote} />
      <Figure to={{ level: 1 }} value={standing.levels[0]} name={<LevelMark level={1} />} />
      <Figure to={{ level: 2 }} value={standing.levels[1]} name={<LevelMark level={2} />} />
      <Figure to={{ level: 3 }} value={standing.levels[2]} name={<LevelMark level={3} />} />
      <Figure to={{ claimed: 'somebody' }} value={counts.claimed} name={t('strip.claimed')} />
      <Figure to={{}} value={standing.all} name={t('strip.all')} />
    </ul>
  );
}

// What waits, counted. A failure here is no reason to hide the queue: the strip is then left out.
export function CountsStrip() {
  const counts = useQuery({ ...queueCountsQuery, refetchInterval: CHECK_MS });
  return counts.data === undefined ? <div className="strip strip-empty" /> : <Strip counts={counts.data} />;
}
