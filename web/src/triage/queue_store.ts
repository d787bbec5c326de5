import { asFailure, type Failure } from '../api/failure';
import type { TipPage, TipRow } from '../api/types';
import { compare, updateTips, type Stretch } from './queue_merge';

// The rows of one queue (one set of filters and one order), while it is open and for a while after. While the reader is
// busy with a row (Hold) rows are brought up to date where they stand and nothing moves; changes of place are counted.

export interface QueueSnapshot {
  rows: readonly TipRow[];
  stale: ReadonlySet<number>; // Shown, but elsewhere in the queue by now, or out of it.
  changes: number; // What the reader would see come, go or move.
  urgentChanges: number; // Urgent ones among those that would come.
  fresh: ReadonlySet<number>; // Arrived in the last change.
  urgentNews: readonly TipRow[]; // Urgent ones that were not urgent or not there before; of the last change that had any.
  status: 'loading' | 'ready' | 'failed';
  failure: Failure | null; // Of the last attempt, whatever it was.
  loadingMore: boolean;
  more: 'more' | 'unsearched' | 'end'; // "unsearched": the server's search budget ended before the page was full.
}

export interface QueueSource {
  page(query: { after?: string; limit: number }): Promise<TipPage>;
}

export interface Scheduler {
  after(delayMs: number, run: () => void): void;
}

const PAGE_ROWS = 100;
const EXTRA_ROWS = 50; // So many may have come into a stretch and its last row is still found.
const STRETCHES_MAX = 4;
const BUDGETS_PER_REQUEST_MAX = 5;
const NOTICE_GAP_MS = 1500;

interface PageStart {
  after: string | null;
  first: number;
}

export class QueueStore {
  private snapshot: QueueSnapshot = {
    rows: [],
    stale: new Set(),
    changes: 0,
    urgentChanges: 0,
    fresh: new Set(),
    urgentNews: [],
    status: 'loading',
    failure: null,
    loadingMore: false,
    more: 'more',
  };
  private readonly listeners = new Set<() => void>();
  private starts: PageStart[] = [];
  private nextAfter: string | null = null;
  private readonly urgentKnown = new Set<number>();
  private readonly came = new Map<number, boolean>(); // And whether it is urgent.
  private readonly noticed = new Set<number>();
  private holding = false;
  private noticeScheduled = false;
  private busy = false;
  private acts = 0;
  private readonly acted = new Map<number, { act: number; row: TipRow }>();
  private askedAgain = false; // A wish for news came while a request was under way.
  private started = false;

  constructor(
    private readonly source: QueueSource,
    private readonly scheduler: Scheduler,
    private readonly byRank = true,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  read = (): QueueSnapshot => this.snapshot;

  // Loads the first page; later calls only look for news.
  async open(): Promise<void> {
    if (this.started) return this.refresh();
    this.started = true;
    return this.show();
  }

  // Puts everything where it belongs now, from the top.
  async show(): Promise<void> {
    await this.alone(async () => {
      this.putDown(await this.search(null));
    });
  }

  async loadMore(): Promise<void> {
    const after = this.nextAfter;
    if (this.snapshot.loadingMore || this.snapshot.status !== 'ready' || after === null) return;
    this.change({ loadingMore: true });
    try {
      const found = await this.search(after);
      // The rows were put down anew meanwhile: what was found no longer follows them.
      if (this.nextAfter !== after) return this.change({ loadingMore: false });
      const { rows } = this.snapshot;
      const known = new Set(rows.map((row) => row.report_id));
      this.starts.push({ after, first: rows.length });
      for (const row of found.items) if (row.priority.urgent) this.urgentKnown.add(row.report_id);
      const added = found.items.filter((row) => !known.has(row.report_id));
      this.goOn(found);
      this.change({ rows: [...rows, ...added], loadingMore: false, failure: null });
    } catch (error) {
      this.change({ loadingMore: false, failure: asFailure(error) });
    }
  }

  // Hears of a change to a report. The first is acted on at once, a burst once in a while.
  notice(id: number): void {
    this.noticed.add(id);
    if (this.noticeScheduled) return;
    this.noticeScheduled = true;
    void this.refresh();
    this.scheduler.after(NOTICE_GAP_MS, () => {
      this.noticeScheduled = false;
      const [next] = this.noticed;
      if (next !== undefined) this.notice(next);
    });
  }

  // Looks for news: at the top, and where reports stand of which something was heard.
  async refresh(): Promise<void> {
    if (this.snapshot.status !== 'ready' || this.snapshot.rows.length === 0) return this.show();
    await this.alone(async () => {
      const heard = [...this.noticed];
      this.noticed.clear();
      if (this.holding) this.join(await this.look(heard));
      else {
        const found = await this.search(null, PAGE_ROWS + EXTRA_ROWS);
        if (this.holding) this.join([{ first: 0, end: this.snapshot.rows.length, now: found }]);
        else this.putDown(found);
      }
    });
  }

  hold(holding: boolean): void {
    const released = this.holding && !holding;
    this.holding = holding;
    if (released && this.snapshot.changes > 0) void this.refresh();
  }

  // The reader's own act: the row says so at once and stays where it is.
  replace(row: TipRow): void {
    this.acts += 1;
    this.acted.set(row.report_id, { act: this.acts, row });
    this.change({ rows: updateTips(this.snapshot.rows, new Map([[row.report_id, row]])) });
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.busy) {
      this.askedAgain = true;
      return;
    }
    this.busy = true;
    if (this.snapshot.rows.length === 0) this.change({ status: 'loading' });
    try {
      await work();
    } catch (error) {
      this.change({ status: this.snapshot.rows.length === 0 ? 'failed' : 'ready', failure: asFailure(error) });
      return;
    } finally {
      this.busy = false;
    }
    if (!this.askedAgain) return;
    this.askedAgain = false;
    await this.refresh();
  }

  private async search(after: string | null, limit = PAGE_ROWS): Promise<TipPage> {
    const items: TipRow[] = [];
    let from = after;
    for (let budget = 1; ; budget += 1) {
      const actsBefore = this.acts;
      const page = await this.source.page({ ...(from === null ? {} : { after: from }), limit });
      items.push(...page.items.map((row) => this.newest(row, actsBefore)));
      const stopped = !page.complete && page.next_after !== null;
      if (!stopped || items.length >= limit || budget === BUDGETS_PER_REQUEST_MAX) return { ...page, items };
      from = page.next_after;
    }
  }

  // What was asked for before the reader's act may not know of it yet.
  private newest(row: TipRow, actsBefore: number): TipRow {
    const own = this.acted.get(row.report_id);
    return own !== undefined && own.act > actsBefore ? own.row : row;
  }

  // What the server holds now at the top and around the rows heard of.
  private async look(heard: readonly number[]): Promise<Stretch[]> {
    const { rows } = this.snapshot;
    const places = new Map(rows.map((row, index) => [row.report_id, index]));
    const wanted = new Set([0]);
    for (const id of heard) {
      const place = places.get(id);
      if (place === undefined) continue;
      wanted.add(this.starts.findLastIndex((start) => start.first <= place));
    }
    const chosen = [...wanted].slice(0, STRETCHES_MAX).map((number) => {
      const end = this.starts[number + 1]?.first ?? rows.length;
      return { ...(this.starts[number] ?? { after: null, first: 0 }), end };
    });
    return Promise.all(
      chosen.map(async ({ after, first, end }) => ({
        first,
        end,
        now: await this.search(after, Math.min(200, end - first + EXTRA_ROWS)),
      })),
    );
  }

  private join(stretches: readonly Stretch[]): void {
    const { rows, stale, more } = this.snapshot;
    const found = compare({ rows, atEnd: more === 'end', byRank: this.byRank }, stretches);
    const stillStale = new Set([...stale, ...found.left, ...found.moved]);
    for (const row of found.came) this.came.set(row.report_id, row.priority.urgent);
    this.change({
      rows: found.rows,
      stale: stillStale,
      changes: this.came.size + stillStale.size,
      urgentChanges: [...this.came.values()].filter((urgent) => urgent).length,
      failure: null,
      ...this.newsOf(stretches.flatMap((stretch) => stretch.now.items)),
    });
  }

  private putDown(found: TipPage): void {
    const before = this.snapshot;
    const known = new Set(before.rows.map((row) => row.report_id));
    const fresh = before.rows.length === 0 ? [] : found.items.filter((row) => !known.has(row.report_id));
    this.starts = [{ after: null, first: 0 }];
    this.came.clear();
    this.goOn(found);
    const kept = updateTips(before.rows, new Map(found.items.map((row) => [row.report_id, row])));
    const keptById = new Map(kept.map((row) => [row.report_id, row]));
    this.change({
      rows: found.items.map((row) => keptById.get(row.report_id) ?? row),
      stale: new Set(),
      changes: 0,
      urgentChanges: 0,
      fresh: new Set(before.rows.length > found.items.length ? [] : fresh.map((row) => row.report_id)),
      status: 'ready',
      failure: null,
      ...this.newsOf(found.items, before.status === 'loading' && before.rows.length === 0),
    });
  }

  private goOn(page: TipPage): void {
    this.nextAfter = page.next_after;
    this.change({ more: page.next_after === null ? 'end' : page.complete ? 'more' : 'unsearched' });
  }

  private newsOf(items: readonly TipRow[], quietly = false): Partial<QueueSnapshot> {
    const news = items.filter((row) => row.priority.urgent && !this.urgentKnown.has(row.report_id));
    for (const row of news) this.urgentKnown.add(row.report_id);
    return quietly || news.length === 0 ? {} : { urgentNews: news };
  }

  private change(changes: Partial<QueueSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...changes };
    for (const listener of this.listeners) listener();
  }
}
