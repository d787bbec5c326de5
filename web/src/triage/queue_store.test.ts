// Goal: nothing moves while it is held, every change is counted once, and an urgent newcomer is always told.
import { describe, expect, it } from 'vitest';
import { Failure } from '../api/failure';
import type { TipPage, TipRow } from '../api/types';
import { QueueStore, type QueueSource } from './queue_store';

function tip(
  id: number,
  changes: { points?: number; urgent?: boolean; level?: number; claimed?: number } = {},
): TipRow {
  return {
    report_id: id,
    state: 'triaged',
    priority: {
      value: changes.level ?? 2,
      urgent: changes.urgent ?? false,
      points: changes.points ?? 500,
      rules: [],
      rules_version: 'test',
    },
    completeness: { score: 50, missing: [] },
    bundle: null,
    incident_type: 'csam',
    source: 'platform',
    organisation: 1,
    organisation_name: 'Example',
    received_at: '2026-11-23T12:00:00Z',
    preserve_until: null,
    incidents: 1,
    folded: false,
    pulled: false,
    behind: false,
    test: false,
    repeats: null,
    claimed_by: changes.claimed ?? null,
    claimed_by_login: '',
    claimed_until: null,
    disposition: null,
  };
}

const rankOf = (row: TipRow) =>
  (row.priority.urgent ? 0 : 1e9) + row.priority.value * 1e8 + (999 - row.priority.points) * 1e4 + row.report_id;

// Holds reports and answers as the server does: by rank, a cursor being a rank.
class FakeSource implements QueueSource {
  rows = new Map<number, TipRow>();
  failing = false;
  asked = 0;
  constructor(count: number) {
    for (let id = 1; id <= count; id += 1) this.put(tip(id));
  }
  put(row: TipRow) {
    this.rows.set(row.report_id, row);
  }
  async page({ after, limit }: { after?: string; limit: number }): Promise<TipPage> {
    this.asked += 1;
    if (this.failing) throw new Failure(503, 'unavailable', '', '', '');
    const from = after === undefined ? -1 : Number(after);
    const all = [...this.rows.values()]
      .sort((one, other) => rankOf(one) - rankOf(other))
      .filter((one) => rankOf(one) > from);
    const items = all.slice(0, limit);
    const last = items[items.length - 1];
    return { items, next_after: all.length > limit && last ? String(rankOf(last)) : null, complete: true };
  }
}

const settle = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
const ids = (store: QueueStore) => store.read().rows.map((row) => row.report_id);

async function opened(count: number) {
  const source = new FakeSource(count);
  const later: (() => void)[] = [];
  const store = new QueueStore(source, { after: (_delay, run) => later.push(run) });
  await store.open();
  const hear = async (...heard: number[]) => {
    for (const id of heard) store.notice(id);
    await settle();
    for (const run of later.splice(0)) run();
    await settle();
  };
  return { source, store, hear };
}

describe('QueueStore', () => {
  it('loads page after page without gaps or repeats', async () => {
    const { store } = await opened(250);
    expect(ids(store)).toHaveLength(100);
    await store.loadMore();
    await store.loadMore();
    await store.loadMore();
    expect(ids(store)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(store.read().more).toBe('end');
  });
  it('puts news in their place at once while nobody holds a row', async () => {
    const { source, store, hear } = await opened(5);
    source.put(tip(6, { points: 900 }));
    await hear(6);
    expect(ids(store)).toEqual([6, 1, 2, 3, 4, 5]);
    expect([...store.read().fresh]).toEqual([6]);
    expect(store.read().changes).toBe(0);
  });
  it('moves nothing while held, and counts what came, left and moved', async () => {
    const { source, store, hear } = await opened(5);
    store.hold(true);
    source.put(tip(6, { points: 900 }));
    source.rows.delete(2);
    source.put(tip(4, { level: 1 }));
    await hear(6, 2, 4);
    expect(ids(store)).toEqual([1, 2, 3, 4, 5]);
    expect(store.read().changes).toBe(3);
    expect([...store.read().stale].sort()).toEqual([2, 4]);
    await store.show();
    expect(ids(store)).toEqual([4, 6, 1, 3, 5]);
    expect(store.read().changes).toBe(0);
    expect(store.read().stale.size).toBe(0);
  });
  it('counts a change once, however often it is heard of', async () => {
    const { source, store, hear } = await opened(5);
    store.hold(true);
    source.put(tip(6, { points: 900, urgent: true }));
    await hear(6, 6);
    await hear(6);
    expect(store.read().changes).toBe(1);
    expect(store.read().urgentChanges).toBe(1);
  });
  it('shows a claim where the row stands', async () => {
    const { source, store, hear } = await opened(250);
    await store.loadMore();
    store.hold(true);
    source.put(tip(150, { claimed: 9 }));
    await hear(150);
    expect(store.read().rows[149]?.claimed_by).toBe(9);
    expect(store.read().changes).toBe(0);
  });
  it('does not take rows pushed down by newcomers for gone', async () => {
    const { source, store, hear } = await opened(250);
    store.hold(true);
    for (let id = 300; id < 340; id += 1) source.put(tip(id, { points: 900 }));
    await hear(300);
    expect(store.read().stale.size).toBe(0);
    expect(store.read().changes).toBe(40);
  });
  it('tells of urgent newcomers, held or not, and once', async () => {
    const { source, store, hear } = await opened(5);
    expect(store.read().urgentNews).toEqual([]);
    store.hold(true);
    source.put(tip(6, { urgent: true, level: 1 }));
    await hear(6);
    const news = store.read().urgentNews;
    expect(news.map((row) => row.report_id)).toEqual([6]);
    await hear(6);
    expect(store.read().urgentNews).toBe(news);
    source.put(tip(3, { urgent: true, level: 1 }));
    await hear(3);
    expect(store.read().urgentNews.map((row) => row.report_id)).toEqual([3]);
  });
  it('does not tell of urgent ones that were there from the start', async () => {
    const source = new FakeSource(0);
    source.put(tip(1, { urgent: true }));
    const store = new QueueStore(source, { after: () => undefined });
    await store.open();
    expect(store.read().urgentNews).toEqual([]);
  });
  it('catches up when it is let go', async () => {
    const { source, store, hear } = await opened(5);
    store.hold(true);
    source.put(tip(6, { points: 900 }));
    await hear(6);
    store.hold(false);
    await settle();
    await settle();
    expect(ids(store)[0]).toBe(6);
  });
  it('keeps what it has when the server fails', async () => {
    const { source, store, hear } = await opened(5);
    source.failing = true;
    await hear(1);
    expect(ids(store)).toHaveLength(5);
    expect(store.read().failure?.status).toBe(503);
    source.failing = false;
    await store.refresh();
    expect(store.read().failure).toBeNull();
  });
  it("shows the reader's own act at once", async () => {
    const { store } = await opened(5);
    store.replace(tip(3, { claimed: 4 }));
    expect(store.read().rows[2]?.claimed_by).toBe(4);
    expect(ids(store)).toEqual([1, 2, 3, 4, 5]);
  });
  it('does not take back an act for an answer that was asked for before the act', async () => {
    const { source, store } = await opened(5);
    const before = store.refresh(); // Answered with the rows as they are now.
    store.replace(tip(3, { claimed: 4 }));
    await before;
    expect(store.read().rows[2]?.claimed_by).toBe(4);
    source.put(tip(3, { claimed: 9 }));
    await store.refresh();
    expect(store.read().rows[2]?.claimed_by).toBe(9);
  });
});
