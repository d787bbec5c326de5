import { createContext, use, useState, type ReactNode } from 'react';
import { api, take } from '../api/client';
import { queryFrom, searchFrom, type Filters } from './filters';
import { ReportListStore, type ListSource } from './list_store';

// Keeps the last few lists, so that going to a report and back neither loads nor moves anything. They live as long as
// the session: signing out forgets them.

const LISTS_MAX = 3;

export interface KeptList {
  store: ReportListStore;
  scrollTop: number;
  activeId: number | null;
}

class ListStores {
  private readonly lists = new Map<string, KeptList>();

  of(filters: Filters): KeptList {
    const key = searchFrom(filters).toString();
    const kept = this.lists.get(key) ?? {
      store: new ReportListStore(sourceOf(filters), { after: (delayMs, run) => setTimeout(run, delayMs) }),
      scrollTop: 0,
      activeId: null,
    };
    this.lists.delete(key);
    this.lists.set(key, kept);
    for (const oldest of [...this.lists.keys()].slice(0, -LISTS_MAX)) this.lists.delete(oldest);
    return kept;
  }
}

function sourceOf(filters: Filters): ListSource {
  const query = queryFrom(filters);
  return {
    page: ({ before, limit }) =>
      take(
        api.GET('/api/v1/reports', {
          params: { query: { ...query, limit, ...(before === undefined ? {} : { before }) } },
        }),
      ),
    row: async (id) => {
      const page = await take(api.GET('/api/v1/reports', { params: { query: { before: id + 1, limit: 1 } } }));
      const [row] = page.items;
      return row?.id === id ? row : null;
    },
  };
}

const ListStoresContext = createContext<ListStores | null>(null);

export function ListStoresProvider({ children }: { children: ReactNode }) {
  const [stores] = useState(() => new ListStores());
  return <ListStoresContext value={stores}>{children}</ListStoresContext>;
}

export function useListStores(): ListStores {
  const stores = use(ListStoresContext);
  if (stores === null) throw new Error('no lists here');
  return stores;
}
