import { QueryClient, queryOptions } from '@tanstack/react-query';
import { api, setCsrfToken, take } from './client';
import { Failure } from './failure';
import type { CodeLists, ReportDetail, Session } from './types';

// Reads of single records are audited one by one, so nothing is fetched again behind the reader's back.
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => error instanceof Failure && (error.isOffline || error.status === 503) && count < 2,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 30_000,
      },
    },
  });
}

// Null when nobody is signed in.
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await take(api.GET('/api/v1/session'));
      setCsrfToken(session.csrf_token);
      return session;
    } catch (error) {
      if (error instanceof Failure && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const codeListsQuery = queryOptions({
  queryKey: ['code-lists'],
  queryFn: async () => (await take(api.GET('/api/v1/code-lists'))).lists as unknown as CodeLists,
  staleTime: Infinity,
});

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: () => take(api.GET('/api/v1/reports/counts')),
});

// `revision` counts the reader's own wishes to see the report again; each is a new audited read.
export function reportQuery(id: number, purpose: string, revision: number) {
  return queryOptions({
    queryKey: ['report', id, purpose, revision],
    queryFn: async (): Promise<ReportDetail> =>
      take(api.GET('/api/v1/reports/{id}', { params: { path: { id }, query: { purpose } } })),
    staleTime: Infinity,
    gcTime: 0, // Whoever comes back sees it as it is by then.
  });
}

export function reportAuditQuery(id: number, reading: string) {
  return queryOptions({
    queryKey: ['report-audit', id, reading],
    queryFn: async () => (await take(api.GET('/api/v1/reports/{id}/audit', { params: { path: { id } } }))).items,
    gcTime: 0,
  });
}

const PAGE_ROWS = 200;
const PAGES_MAX = 50;

// Lists of the directory are short enough to hold whole; the limit is for the day they are not.
async function allPages<Item>(
  page: (after: number) => Promise<{ items: Item[]; next_after: number | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: number | null = 0;
  for (let pages = 0; after !== null && pages < PAGES_MAX; pages += 1) {
    const answer: { items: Item[]; next_after: number | null } = await page(after);
    items.push(...answer.items);
    after = answer.next_after;
  }
  return items;
}

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: () =>
    allPages((after) => take(api.GET('/api/v1/organisations', { params: { query: { after, limit: PAGE_ROWS } } }))),
});

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: () =>
    allPages((after) => take(api.GET('/api/v1/accounts', { params: { query: { after, limit: PAGE_ROWS } } }))),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () =>
    allPages((after) => take(api.GET('/api/v1/tokens', { params: { query: { after, limit: PAGE_ROWS } } }))),
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => take(api.GET('/api/v1/status')),
  refetchInterval: 10_000,
});
