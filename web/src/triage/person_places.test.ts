import { describe, expect, it } from 'vitest';
import type { PersonReport } from '../api/types';
import { timelineOf } from './person_places';

const report = (report_id: number, received_at: string, organisation: number): PersonReport => ({
  report_id,
  received_at,
  organisation,
  organisation_name: `Platform ${organisation}`,
  incident_type: 'csam',
  state: 'triaged',
  disposition: null,
  value: 2,
  urgent: false,
  steps: 1,
  identifiers: 1,
});

describe('timelineOf', () => {
  it('gives each reporter a row, the one who came first on top, and each report its place in time', () => {
    const line = timelineOf([
      report(3, '2026-03-11T00:00:00Z', 1),
      report(2, '2026-03-06T00:00:00Z', 2),
      report(1, '2026-03-01T00:00:00Z', 1),
    ]);
    expect(line.rows.map((row) => row.organisation)).toEqual([1, 2]);
    expect(line.rows[0]?.marks.map((mark) => [mark.report.report_id, mark.x])).toEqual([
      [1, 0],
      [3, 1],
    ]);
    expect(line.rows[1]?.marks[0]?.x).toBe(0.5);
  });

  it('puts what came at one moment into the middle', () => {
    expect(timelineOf([report(1, '2026-03-01T00:00:00Z', 1)]).rows[0]?.marks[0]?.x).toBe(0.5);
  });

  it('has no rows without reports', () => {
    expect(timelineOf([]).rows).toEqual([]);
  });
});
