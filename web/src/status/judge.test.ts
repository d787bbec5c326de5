// Goal: a machine that needs a person says so, and a healthy one is quiet. Method: one change at a time to a healthy one.
import { describe, expect, it } from 'vitest';
import type { Status } from '../api/types';
import { concernsOf } from './judge';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HEALTHY = {
  version: '1',
  engine: 'sqlite',
  started_at: '2026-11-23T08:00:00Z',
  database_ok: true,
  media_ok: true,
  dead_letters: [],
  lanes: [{ lane: 'urgent', waiting: 1, leased: 0, dead: 0, oldest_due: '2026-11-23T11:50:00Z' }],
  disk: { free_bytes: 10, total_bytes: 100 },
  vault_free_bytes: 10,
  last_backup_at: '2026-11-22T10:00:00Z',
  audit: { entries: 5, sealed: 4, head_at: '2026-11-23T11:55:00Z' },
} as unknown as Status;

const concerns = (changes: object) => concernsOf({ ...HEALTHY, ...changes } as Status, NOW);

describe('concernsOf', () => {
  it('is quiet at every limit', () => {
    expect(concerns({})).toEqual([]);
    expect(concerns({ audit: { entries: 5, sealed: 5, head_at: null } })).toEqual([]);
  });
  it('speaks just past each limit', () => {
    expect(concerns({ database_ok: false })).toEqual(['database']);
    expect(concerns({ media_ok: false })).toEqual(['media']);
    expect(concerns({ disk: { free_bytes: 9, total_bytes: 100 } })).toEqual(['disk']);
    expect(concerns({ last_backup_at: '2026-11-22T09:59:00Z' })).toEqual(['backup']);
    expect(concerns({ last_backup_at: null })).toEqual(['no_backup']);
    expect(concerns({ lanes: [{ lane: 'bulk', waiting: 0, leased: 0, dead: 1, oldest_due: null }] })).toEqual([
      'dead_letters',
    ]);
    expect(concerns({ audit: { entries: 5, sealed: 4, head_at: '2026-11-23T11:54:00Z' } })).toEqual(['seal']);
    expect(
      concerns({ lanes: [{ lane: 'bulk', waiting: 1, leased: 0, dead: 0, oldest_due: '2026-11-23T11:49:00Z' }] }),
    ).toEqual(['jobs_late']);
  });
});
