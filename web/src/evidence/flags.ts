import type { FlaggedFile } from '../api/types';

export interface FlaggedGroup {
  report: number;
  files: number;
  first: FlaggedFile;
}

// Files of one report that stand alike and would come out alike, in the order in which they came.
export function byReport(items: readonly FlaggedFile[]): FlaggedGroup[] {
  const groups = new Map<string, FlaggedGroup>();
  for (const one of items) {
    const key = [one.report_id, one.decision, one.table, one.jurisdiction, one.review.decision].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { report: one.report_id, files: 1, first: one });
    else group.files += 1;
  }
  return [...groups.values()];
}
