import { describe, expect, it } from 'vitest';
import type { FlaggedFile } from '../api/types';
import { byReport } from './flags';

const flag = (report_id: number, file: number, decision: 'open' | 'blocked'): FlaggedFile => ({
  report_id,
  file,
  decision,
  rule: 'viewed_by_esp',
  table: 'a',
  jurisdiction: 'US',
  review: {
    table: 'b',
    decision: decision === 'open' ? 'blocked' : 'open',
    rule: 'none',
    at: '2026-11-29T00:00:00Z',
  },
});

describe('flags of the gate', () => {
  it('stand together by report and by what was decided, in their order', () => {
    const groups = byReport([flag(2, 21, 'open'), flag(2, 22, 'blocked'), flag(2, 23, 'open'), flag(1, 11, 'open')]);
    expect(groups.map(({ report, files, first }) => [report, files, first.decision])).toEqual([
      [2, 2, 'open'],
      [2, 1, 'blocked'],
      [1, 1, 'open'],
    ]);
    expect(byReport([])).toEqual([]);
  });
});
