import type { ReportRow } from '../api/types';

// How newer knowledge joins the rows on the screen. Rows are ordered by id, newest first, without repeats; these
// functions keep it so and never change their arguments.

export interface Merge {
  rows: readonly ReportRow[];
  added: readonly ReportRow[];
}

// Position of an id in rows ordered by falling id, or -1.
export function indexOfId(rows: readonly ReportRow[], id: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const here = rows[middle]?.id ?? 0;
    if (here === id) return middle;
    if (here > id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function sameRow(one: ReportRow, other: ReportRow): boolean {
  return (
    one.state === other.state
    && one.finished_at === other.finished_at
    && one.files === other.files
    && one.findings === other.findings
    && one.urgent === other.urgent
    && one.batched === other.batched
    && one.incident_type === other.incident_type
    && one.same_bytes_as === other.same_bytes_as
  );
}

// Replaces rows that are already shown. The array stays the same one when nothing changed.
export function updateRows(rows: readonly ReportRow[], newer: readonly ReportRow[]): readonly ReportRow[] {
  let changed: ReportRow[] | null = null;
  for (const row of newer) {
    const index = indexOfId(rows, row.id);
    const old = rows[index];
    if (old === undefined || sameRow(old, row)) continue;
    changed ??= [...rows];
    changed[index] = row;
  }
  return changed ?? rows;
}

// Joins a page from the top of the list: known rows are updated in place, unknown ones are put where they belong.
export function mergeRows(rows: readonly ReportRow[], page: readonly ReportRow[]): Merge {
  const updated = updateRows(rows, page);
  const added = page.filter((row) => indexOfId(rows, row.id) < 0);
  if (added.length === 0) return { rows: updated, added };
  const newest = updated[0];
  const lastAdded = added[added.length - 1];
  const allNewer = newest === undefined || (lastAdded !== undefined && lastAdded.id > newest.id);
  const joined = allNewer ? [...added, ...updated] : [...updated, ...added].sort((one, other) => other.id - one.id);
  return { rows: joined, added };
}

// Appends the next older page.
export function appendOlder(rows: readonly ReportRow[], page: readonly ReportRow[]): readonly ReportRow[] {
  const oldest = rows[rows.length - 1]?.id ?? Number.POSITIVE_INFINITY;
  const older = page.filter((row) => row.id < oldest);
  return older.length === 0 ? rows : [...rows, ...older];
}
