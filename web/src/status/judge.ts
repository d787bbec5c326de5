import type { Status } from '../api/types';

// What on the status page deserves attention. Pure, so that the limits are tested.

export const BACKUP_HOURS_MAX = 26; // A daily backup, and some patience.
export const DISK_FREE_SHARE_MIN = 0.1;
export const SEAL_MINUTES_MAX = 5;
export const OLDEST_DUE_MINUTES_MAX = 10;

export type Concern = 'database' | 'disk' | 'backup' | 'no_backup' | 'dead_letters' | 'seal' | 'jobs_late' | 'media';

function minutesSince(at: string | null, now: number): number {
  return at === null ? Number.POSITIVE_INFINITY : (now - Date.parse(at)) / 60_000;
}

export function isLate(oldestDue: string | null, now: number): boolean {
  return oldestDue !== null && minutesSince(oldestDue, now) > OLDEST_DUE_MINUTES_MAX;
}

export function concernsOf(status: Status, now: number): Concern[] {
  const concerns: Concern[] = [];
  if (!status.database_ok) concerns.push('database');
  if (status.disk.total_bytes > 0 && status.disk.free_bytes / status.disk.total_bytes < DISK_FREE_SHARE_MIN)
    concerns.push('disk');
  if (status.last_backup_at === null) concerns.push('no_backup');
  else if (minutesSince(status.last_backup_at, now) > BACKUP_HOURS_MAX * 60) concerns.push('backup');
  if (status.dead_letters.length > 0 || status.lanes.some((lane) => lane.dead > 0)) concerns.push('dead_letters');
  if (status.audit.sealed < status.audit.entries && minutesSince(status.audit.head_at, now) > SEAL_MINUTES_MAX)
    concerns.push('seal');
  if (status.lanes.some((lane) => lane.waiting > 0 && isLate(lane.oldest_due, now))) concerns.push('jobs_late');
  if (!status.media_ok) concerns.push('media');
  return concerns;
}
