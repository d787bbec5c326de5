import type { TipPage, TipRow } from '../api/types';

// How newer knowledge joins rows that must not move: what stands in a row is brought up to date where it is; what came,
// left or changed its standing is counted until the reader asks for it.

export interface Shown {
  rows: readonly TipRow[];
  atEnd: boolean; // There is nothing below the last row.
  byRank: boolean; // Ordered by standing; by time a row stays where it is.
}

// A stretch of the rows and what the server holds there now.
export interface Stretch {
  first: number;
  end: number;
  now: TipPage;
}

export interface Comparison {
  rows: readonly TipRow[]; // The same rows in the same places, brought up to date.
  left: ReadonlySet<number>; // No longer where they are shown, or no longer waiting.
  moved: ReadonlySet<number>; // Their level, their urgency or their sender's throttle changed, so their place is another one.
  came: readonly TipRow[]; // Waiting among the rows, and not shown.
}

export function sameTip(one: TipRow, other: TipRow): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The array stays the same one when nothing changed.
export function updateTips(rows: readonly TipRow[], newer: ReadonlyMap<number, TipRow>): readonly TipRow[] {
  let changed: TipRow[] | null = null;
  rows.forEach((row, index) => {
    const now = newer.get(row.report_id);
    if (now === undefined || sameTip(row, now)) return;
    changed ??= [...rows];
    changed[index] = now;
  });
  return changed ?? rows;
}

function lastIndexWhere(items: readonly TipRow[], fits: (row: TipRow) => boolean): number {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const row = items[index];
    if (row !== undefined && fits(row)) return index;
  }
  return -1;
}

export function compare(shown: Shown, stretches: readonly Stretch[]): Comparison {
  const places = new Map(shown.rows.map((row, index) => [row.report_id, index]));
  const seen = new Map(stretches.flatMap((stretch) => stretch.now.items).map((row) => [row.report_id, row]));
  const left = new Set<number>();
  const moved = new Set<number>();
  const came = new Map<number, TipRow>();
  for (const { first, end, now } of stretches) {
    const whole = now.next_after === null;
    const lastKnown = lastIndexWhere(now.items, (row) => places.has(row.report_id));
    now.items.forEach((row, index) => {
      const among = index < lastKnown || (whole && shown.atEnd);
      if (among && !places.has(row.report_id)) came.set(row.report_id, row);
    });
    // Whoever stood behind the last row that is known again may only have been pushed out of this stretch.
    const lastRow = now.items[lastKnown];
    const reach = whole ? end : lastRow === undefined ? first : (places.get(lastRow.report_id) ?? first);
    for (const row of shown.rows.slice(first, Math.min(end, reach))) {
      if (!seen.has(row.report_id)) left.add(row.report_id);
    }
  }
  for (const row of shown.rows) {
    const now = seen.get(row.report_id);
    if (now === undefined || !shown.byRank) continue;
    const other = now.priority.value !== row.priority.value || now.priority.urgent !== row.priority.urgent;
    if (other || now.behind !== row.behind) moved.add(row.report_id);
  }
  return { rows: updateTips(shown.rows, seen), left, moved, came: [...came.values()] };
}
