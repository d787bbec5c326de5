// Goal: no report is lost or shown twice, and no row moves while it is held. Method: a source made of plain numbers.
import { describe, expect, it } from 'vitest';
import type { ReportPage, ReportRow } from '../api/types';
import { Failure } from '../api/failure';
import { ReportListStore, type ListSource } from './list_store';

function row(id: number, changes: Partial<ReportRow> = {}): ReportRow {
  return {
    id,
    state: 'opened',
    source: 'platform',
    incident_type: 'csam',
    organisation: 1,
    organisation_name: 'Example',
    received_at: '2026-11-23T12:00:00Z',
    finished_at: null,
    incident_at: '2026-11-23T11:00:00Z',
    urgent: false,
    batched: false,
    test: false,
    files: 0,
    findings: 0,
    same_bytes_as: null,
    ...changes,
  };
}

// Holds reports 1..count and answers as the server does.
class FakeSource implements ListSource {
  rows = new Map<number, ReportRow>();
  failing = false;
  budget = Number.POSITIVE_INFINITY;
  pagesAsked = 0;
  constructor(count: number) {
    for (let id = 1; id <= count; id += 1) this.rows.set(id, row(id));
  }
  add(...ids: number[]) {
    for (const id of ids) this.rows.set(id, row(id));
  }
  async page({ before, limit }: { before?: number; limit: number }): Promise<ReportPage> {
    this.pagesAsked += 1;
    if (this.failing) throw new Failure(503, 'unavailable', '', '', '');
    const all = [...this.rows.values()]
      .sort((one, other) => other.id - one.id)
      .filter((one) => one.id < (before ?? Number.POSITIVE_INFINITY));
    const size = Math.min(limit, this.budget);
    const items = all.slice(0, size);
    const rest = all.length > size;
    return {
      items,
      next_before: rest ? (items[items.length - 1]?.id ?? null) : null,
      complete: !(rest && size < limit),
      searched_back_to: items[items.length - 1]?.received_at ?? null,
    };
  }
  async row(id: number) {
    return this.rows.get(id) ?? null;
  }
}

const ids = (store: ReportListStore) => store.read().rows.map((one) => one.id);
const settle = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

function createStore(source: ListSource) {
  const later: (() => void)[] = [];
  const store = new ReportListStore(source, { after: (_delay, run) => later.push(run) });
  return { store, runLater: () => later.splice(0).forEach((run) => run()) };
}

describe('ReportListStore', () => {
  it('pages to the end without gaps or repeats', async () => {
    const { store } = createStore(new FakeSource(250));
    await store.open();
    expect(store.read().older).toBe('more');
    await store.loadOlder();
    await store.loadOlder();
    await store.loadOlder();
    expect(ids(store)).toEqual(Array.from({ length: 250 }, (_unused, index) => 250 - index));
    expect(store.read().older).toBe('end');
  });

  it('continues a search that stopped at its budget, but not for ever', async () => {
    const source = new FakeSource(300);
    source.budget = 10;
    const { store } = createStore(source);
    await store.open();
    expect(source.pagesAsked).toBe(5);
    expect(store.read().older).toBe('unsearched');
    expect(ids(store)).toHaveLength(50);
    await store.loadOlder();
    expect(ids(store)).toHaveLength(100);
  });

  it('shows new reports at once while nothing is held', async () => {
    const source = new FakeSource(3);
    const { store } = createStore(source);
    await store.open();
    source.add(4);
    store.notice(4);
    await settle();
    expect(ids(store)).toEqual([4, 3, 2, 1]);
    expect([...store.read().fresh]).toEqual([4]);
  });

  it('keeps them waiting while a row is held, and moves nothing', async () => {
    const source = new FakeSource(3);
    const { store, runLater } = createStore(source);
    await store.open();
    store.hold(true);
    source.add(4, 5);
    store.notice(4);
    await settle();
    runLater();
    store.notice(5);
    await settle();
    expect(ids(store)).toEqual([3, 2, 1]);
    expect(store.read().waiting).toBe(2);
    store.hold(false);
    expect(ids(store)).toEqual([5, 4, 3, 2, 1]);
    expect(store.read().waiting).toBe(0);
  });

  it('updates a held row in place', async () => {
    const source = new FakeSource(3);
    const { store } = createStore(source);
    await store.open();
    store.hold(true);
    source.rows.set(2, row(2, { state: 'finished' }));
    store.notice(2);
    await settle();
    expect(store.read().rows[1]?.state).toBe('finished');
  });

  it('updates rows far below the top', async () => {
    const source = new FakeSource(190);
    const { store } = createStore(source);
    await store.open();
    await store.loadOlder();
    source.rows.set(5, row(5, { state: 'closed' }));
    store.notice(5);
    await settle();
    expect(store.read().rows.find((one) => one.id === 5)?.state).toBe('closed');
  });

  it('acts on a burst at most once per gap, and forgets none of it', async () => {
    const source = new FakeSource(3);
    const { store, runLater } = createStore(source);
    await store.open();
    const asked = source.pagesAsked;
    source.add(4);
    store.notice(4);
    source.add(5, 6);
    store.notice(5);
    store.notice(6);
    await settle();
    expect(source.pagesAsked).toBe(asked + 1);
    runLater();
    await settle();
    expect(ids(store)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('starts anew when more arrived than it is willing to count', async () => {
    const source = new FakeSource(3);
    const { store } = createStore(source);
    await store.open();
    store.hold(true);
    source.add(...Array.from({ length: 400 }, (_unused, index) => index + 4));
    store.notice(403);
    await settle();
    expect(store.read().waitingIsMore).toBe(true);
    expect(ids(store)).toEqual([3, 2, 1]);
    await store.showWaiting();
    expect(ids(store).slice(0, 2)).toEqual([403, 402]);
    expect(ids(store)).toHaveLength(100);
    expect(store.read().waitingIsMore).toBe(false);
  });

  it('says so when the server does not answer, keeps its rows, and recovers', async () => {
    const source = new FakeSource(150);
    source.failing = true;
    const { store } = createStore(source);
    await store.open();
    expect(store.read().status).toBe('failed');
    source.failing = false;
    await store.open();
    expect(store.read().status).toBe('ready');
    source.failing = true;
    await store.loadOlder();
    expect(store.read().failure?.status).toBe(503);
    expect(ids(store)).toHaveLength(100);
    source.failing = false;
    await store.loadOlder();
    expect(ids(store)).toHaveLength(150);
    expect(store.read().failure).toBeNull();
  });
});
