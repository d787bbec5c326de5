import { createContext, use, useState, type ReactNode } from 'react';
import { api, take } from '../api/client';
import { queryFrom, searchFrom, type QueueFilters } from './filters';
import { QueueStore, type QueueSource } from './queue_store';

// Keeps the last few queues, so that going to a report and back neither loads nor moves anything. They live as long as
// the session: signing out forgets them.

const QUEUES_MAX = 3;

export interface KeptQueue {
  store: QueueStore;
  scrollTop: number;
  activeId: number | null;
}

class QueueStores {
  private readonly queues = new Map<string, KeptQueue>();

  of(filters: QueueFilters): KeptQueue {
    const key = searchFrom(filters).toString();
    const kept = this.queues.get(key) ?? {
      store: new QueueStore(
        sourceOf(filters),
        { after: (delayMs, run) => setTimeout(run, delayMs) },
        filters.sort === undefined,
      ),
      scrollTop: 0,
      activeId: null,
    };
    this.queues.delete(key);
    this.queues.set(key, kept);
    for (const oldest of [...this.queues.keys()].slice(0, -QUEUES_MAX)) this.queues.delete(oldest);
    return kept;
  }
}

function sourceOf(filters: QueueFilters): QueueSource {
  const query = queryFrom(filters);
  return {
    page: ({ after, limit }) =>
      take(
        api.GET('/api/v1/tips', { params: { query: { ...query, limit, ...(after === undefined ? {} : { after }) } } }),
      ),
  };
}

const QueueStoresContext = createContext<QueueStores | null>(null);

export function QueueStoresProvider({ children }: { children: ReactNode }) {
  const [stores] = useState(() => new QueueStores());
  return <QueueStoresContext value={stores}>{children}</QueueStoresContext>;
}

export function useQueueStores(): QueueStores {
  const stores = use(QueueStoresContext);
  if (stores === null) throw new Error('no queues here');
  return stores;
}
