import type { PersonReport } from '../api/types';

// Where the reports of one person stand on a line of time: a row for each reporter, marks by the moment they came.

export interface Mark {
  report: PersonReport;
  x: number; // 0 to 1
}
export interface Row {
  organisation: number;
  name: string;
  marks: Mark[];
}
export interface Timeline {
  from: number;
  to: number;
  rows: Row[];
}

// The reporter who came first stands first. All at one moment stand in the middle.
export function timelineOf(items: readonly PersonReport[]): Timeline {
  const oldestFirst = [...items].sort((left, right) => Date.parse(left.received_at) - Date.parse(right.received_at));
  const times = oldestFirst.map((one) => Date.parse(one.received_at));
  const from = times[0] ?? 0;
  const to = times.at(-1) ?? 0;
  const rows = new Map<number, Row>();
  oldestFirst.forEach((report, index) => {
    const row = rows.get(report.organisation) ?? {
      organisation: report.organisation,
      name: report.organisation_name,
      marks: [],
    };
    rows.set(report.organisation, row);
    row.marks.push({ report, x: to === from ? 0.5 : ((times[index] ?? from) - from) / (to - from) });
  });
  return { from, to, rows: [...rows.values()] };
}
