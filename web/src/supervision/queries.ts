import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';

// What is late must not wait for somebody to press a key.
const FRESH_MS = 15_000;

export const supervisionQuery = queryOptions({
  queryKey: ['supervision'],
  queryFn: () => take(api.GET('/api/v1/tips/supervision')),
  refetchInterval: FRESH_MS,
});

export const volumesQuery = queryOptions({
  queryKey: ['volumes'],
  queryFn: () => take(api.GET('/api/v1/tips/volumes')),
  refetchInterval: 60_000,
});

export const throttlesQuery = queryOptions({
  queryKey: ['throttles'],
  queryFn: () => take(api.GET('/api/v1/tips/throttles')),
  refetchInterval: FRESH_MS,
});

export const overdueQuery = queryOptions({
  queryKey: ['overdue'],
  queryFn: () => take(api.GET('/api/v1/deliveries/overdue')),
  refetchInterval: FRESH_MS,
});

export const unplacedQuery = queryOptions({
  queryKey: ['unplaced'],
  queryFn: () => take(api.GET('/api/v1/deliveries/unplaced')),
  refetchInterval: FRESH_MS,
});

export function qualityQuery(language: string) {
  return queryOptions({
    queryKey: ['quality', language],
    queryFn: () => take(api.GET('/api/v1/routing/quality', { params: { query: { language } } })),
  });
}

export function scorecardsQuery(month: string) {
  return queryOptions({
    queryKey: ['scorecards', month],
    queryFn: () => take(api.GET('/api/v1/scorecards', { params: { query: { month } } })),
  });
}
