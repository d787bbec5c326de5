import { asFailure, type Failure } from '../api/failure';
import type { ReportPage, ReportRow } from '../api/types';
import { appendOlder, indexOfId, mergeRows, updateRows } from './live_merge';

// The rows of one list (one set of filters), while it is open and for a while after, so that coming back from a report
// finds everything where it was. New reports wait while the reader is busy with a row (Hold); nothing then moves.

export interface ListSnapshot {
  rows: readonly ReportRow[];
  waiting: number; // New reports held back.
  waitingIsMore: boolean; // There are more than were counted: showing them starts the list anew.
  fresh: ReadonlySet<number>; // Arrived in the last change.
  status: 'loading' | 'ready' | 'failed';
  failure: Failure | null; // Of the last attempt, whatever it was.
  loadingOlder: boolean;
  older: 'more' | 'unsearched' | 'end'; // "unsearched": the server's search budget ended before the page was full.
  searchedBackTo: string | null;
}

export interface ListSource {
  page(query: { before?: number; limit: number }): Promise<ReportPage>;
  // One row whatever the filters, or null.
  row(id: number): Promise<ReportRow | null>;
}

export interface Scheduler {
  after(delayMs: number, run: () => void): void;
}

const PAGE_ROWS = 100;
const TOP_ROWS = 50;
const TOP_PAGES_MAX = 5;
const BUDGETS_PER_REQUEST_MAX = 5; // How often one wish for older rows continues a search by itself.
const NOTICE_GAP_MS = 500;
const CHANGED_ROWS_MAX = 8; // Older rows asked for one by one after a burst of events.

export class ReportListStore {
  private snapshot: ListSnapshot = {
    rows: [],
    waiting: 0,
    waitingIsMore: false,
    fresh: new Set(),
    status: 'loading',
    failure: null,
    loadingOlder: false,
    older: 'more',
    searchedBackTo: null,
  };
  private listeners = new Set<() => void>();
  private held: readonly ReportRow[] = [];
  private nextBefore: number | null = null;
  private holding = false;
  private noticed = new Set<number>();
  private noticeScheduled = false;
  private refreshing = false;
  private askedAgain = false; // A wish for the top came while another request was under way.
  private started = false;

  constructor(
    private readonly source: ListSource,
    private readonly scheduler: Scheduler,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  read = (): ListSnapshot => this.snapshot;

  // Loads the first page; later calls only look for news.
  async open(): Promise<void> {
    if (this.started) return this.refreshTop();
    this.started = true;
    return this.reload();
  }

  async reload(): Promise<void> {
    this.change({ status: this.snapshot.rows.length === 0 ? 'loading' : 'ready' });
    try {
      const found = await this.search(undefined);
      this.held = [];
      this.change({ rows: found, waiting: 0, waitingIsMore: false, fresh: new Set(), status: 'ready', failure: null });
    } catch (error) {
      this.started = this.snapshot.rows.length > 0;
      this.change({ status: this.snapshot.rows.length === 0 ? 'failed' : 'ready', failure: asFailure(error) });
      return;
    }
    await this.refreshIfAskedAgain();
  }

  async loadOlder(): Promise<void> {
    if (this.snapshot.loadingOlder || this.snapshot.status !== 'ready' || this.nextBefore === null) return;
    this.change({ loadingOlder: true });
    try {
      const found = await this.search(this.nextBefore);
      this.change({ rows: appendOlder(this.snapshot.rows, found), loadingOlder: false, failure: null });
    } catch (error) {
      this.change({ loadingOlder: false, failure: asFailure(error) });
    }
  }

  // Hears of a change to a report. The first is acted on at once, a burst at most twice a second.
  notice(id: number): void {
    this.noticed.add(id);
    if (this.noticeScheduled) return;
    this.noticeScheduled = true;
    void this.actOnNotices();
  }

  // Asks for the top of the list again and joins it; for when events may have been missed.
  async refreshTop(): Promise<void> {
    if (this.snapshot.status === 'loading' || this.refreshing) {
      this.askedAgain = true;
      return;
    }
    if (this.snapshot.rows.length === 0 && this.held.length === 0) return this.reload();
    this.refreshing = true;
    try {
      await this.joinTop();
    } catch (error) {
      this.change({ failure: asFailure(error) });
      return;
    } finally {
      this.refreshing = false;
    }
    await this.refreshIfAskedAgain();
  }

  hold(holding: boolean): void {
    this.holding = holding;
    if (!holding && !this.snapshot.waitingIsMore) this.release();
  }

  async showWaiting(): Promise<void> {
    if (this.snapshot.waitingIsMore) return this.reload();
    this.release();
  }

  private async refreshIfAskedAgain(): Promise<void> {
    if (!this.askedAgain) return;
    this.askedAgain = false;
    await this.refreshTop();
  }

  private async search(before: number | undefined): Promise<ReportRow[]> {
    const found: ReportRow[] = [];
    let from = before;
    for (let budget = 1; ; budget += 1) {
      const page = await this.source.page({ ...(from === undefined ? {} : { before: from }), limit: PAGE_ROWS });
      found.push(...page.items);
      this.nextBefore = page.next_before;
      const stopped = !page.complete && page.next_before !== null;
      this.change({
        older: page.next_before === null ? 'end' : stopped ? 'unsearched' : 'more',
        searchedBackTo: page.searched_back_to,
      });
      if (!stopped || found.length >= PAGE_ROWS || budget === BUDGETS_PER_REQUEST_MAX) return found;
      from = page.next_before ?? undefined;
    }
  }

  private async actOnNotices(): Promise<void> {
    const ids = [...this.noticed];
    this.noticed.clear();
    await this.refreshTop();
    await this.updateChanged(ids);
    this.scheduler.after(NOTICE_GAP_MS, () => {
      this.noticeScheduled = false;
      const [next] = this.noticed;
      if (next !== undefined) this.notice(next);
    });
  }

  // Rows below the refreshed top, or which no longer fit the filters: they stay where they are and show the truth.
  private async updateChanged(ids: readonly number[]): Promise<void> {
    const below = ids.filter((id) => indexOfId(this.snapshot.rows, id) >= 0).slice(0, CHANGED_ROWS_MAX);
    try {
      const rows = await Promise.all(below.map((id) => this.source.row(id)));
      this.change({
        rows: updateRows(
          this.snapshot.rows,
          rows.filter((row) => row !== null),
        ),
      });
    } catch (error) {
      this.change({ failure: asFailure(error) });
    }
  }

  private async joinTop(): Promise<void> {
    const newest = Math.max(this.snapshot.rows[0]?.id ?? 0, this.held[0]?.id ?? 0);
    const top: ReportRow[] = [];
    let before: number | null = null;
    let reached = false;
    for (let pages = 0; pages < TOP_PAGES_MAX && !reached; pages += 1) {
      const page: ReportPage = await this.source.page({ ...(before === null ? {} : { before }), limit: TOP_ROWS });
      top.push(...page.items);
      before = page.next_before;
      reached = before === null || before <= newest || (top[top.length - 1]?.id ?? 0) <= newest || newest === 0;
    }
    const known = mergeRows(
      this.held,
      top.filter((row) => indexOfId(this.snapshot.rows, row.id) < 0 && row.id > (this.snapshot.rows[0]?.id ?? 0)),
    );
    this.held = known.rows;
    const late = top.filter(
      (row) => row.id < (this.snapshot.rows[0]?.id ?? 0) && indexOfId(this.snapshot.rows, row.id) < 0,
    );
    this.change({
      rows: this.holding
        ? updateRows(this.snapshot.rows, top)
        : mergeRows(updateRows(this.snapshot.rows, top), late).rows,
      waiting: this.held.length,
      waitingIsMore: this.snapshot.waitingIsMore || !reached,
      failure: null,
    });
    if (!this.holding) {
      if (this.snapshot.waitingIsMore) await this.reload();
      else this.release();
    }
  }

  private release(): void {
    if (this.held.length === 0) return;
    const { rows, added } = mergeRows(this.snapshot.rows, this.held);
    this.held = [];
    this.change({ rows, waiting: 0, fresh: new Set(added.map((row) => row.id)) });
  }

  private change(changes: Partial<ListSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...changes };
    for (const listener of this.listeners) listener();
  }
}
