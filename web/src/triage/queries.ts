import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';
import type { TipDetail } from '../api/types';

export const queueCountsQuery = queryOptions({
  queryKey: ['tips', 'counts'],
  queryFn: () => take(api.GET('/api/v1/tips/counts')),
  staleTime: 1000,
});

export function changesQuery(since: string) {
  return queryOptions({
    queryKey: ['tips', 'changes', since],
    queryFn: () => take(api.GET('/api/v1/tips/changes', { params: { query: { since } } })),
    refetchInterval: 60_000,
  });
}

export function rulesQuery(language: string) {
  return queryOptions({
    queryKey: ['triage-rules', language],
    queryFn: () => take(api.GET('/api/v1/triage/rules', { params: { query: { language } } })),
    staleTime: Infinity,
  });
}

// `revision` counts the reader's own wishes to see it again; each is a new audited read.
export function tipQuery(id: number, revision: number) {
  return queryOptions({
    queryKey: ['tip', id, revision],
    queryFn: (): Promise<TipDetail> => take(api.GET('/api/v1/tips/{id}', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 0, // Whoever comes back sees it as it is by then.
  });
}

// `state`: the report's, so that it is read again when that changes.
export function holdsOfQuery(id: number, state: string) {
  return queryOptions({
    queryKey: ['tip-holds', id, state],
    queryFn: () => take(api.GET('/api/v1/tips/{id}/holds', { params: { path: { id } } })),
  });
}

// A search of some hundreds of forms: for whoever asks.
export function nearHandlesQuery(id: number) {
  return queryOptions({
    queryKey: ['tip-near-handles', id],
    queryFn: () => take(api.GET('/api/v1/tips/{id}/near-handles', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

export function personQuery(id: number) {
  return queryOptions({
    queryKey: ['tip-person', id],
    queryFn: () => take(api.GET('/api/v1/tips/{id}/person', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

const MEMBER_ROWS = 20;

export function membersQuery(id: number) {
  return infiniteQueryOptions({
    queryKey: ['tip-members', id],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/tips/{id}/members', {
          params: { path: { id }, query: { after: pageParam, limit: MEMBER_ROWS } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.next_after === null ? undefined : Number(page.next_after)),
    gcTime: 60_000,
  });
}
