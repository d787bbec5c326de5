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
  queryFn: async (): Promise<CodeLists> => (await take(api.GET('/api/v1/code-lists'))).lists,
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
      take(api.GET('/api/v1/reports/{id}', { params: { path: { id: String(id) }, query: purpose === '' ? {} : { purpose } } })),
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

export function reportAuditQuery(id: number, revision: number) {
  return queryOptions({
    queryKey: ['report-audit', id, revision],
    queryFn: async () => (await take(api.GET('/api/v1/reports/{id}/audit', { params: { path: { id: String(id) } } }))).items,
    gcTime: 60_000,
  });
}

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: async () => (await take(api.GET('/api/v1/organisations'))).items,
});

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async () => (await take(api.GET('/api/v1/accounts'))).items,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () => (await take(api.GET('/api/v1/tokens'))).items,
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => take(api.GET('/api/v1/status')),
  refetchInterval: 10_000,
});
