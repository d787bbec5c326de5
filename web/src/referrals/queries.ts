import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';
import type { ReportRouting } from '../api/types';

export const agenciesQuery = queryOptions({
  queryKey: ['agencies'],
  queryFn: () => take(api.GET('/api/v1/agencies')),
  staleTime: 300_000,
});

// `reading` counts how often it was read for the reader; each is recorded.
export function routingQuery(id: number, reading: number) {
  return queryOptions({
    queryKey: ['routing', id, reading],
    queryFn: (): Promise<ReportRouting> => take(api.GET('/api/v1/tips/{id}/routing', { params: { path: { id } } })),
    staleTime: Infinity,
    placeholderData: keepPreviousData, // Of the same report: its page is drawn anew for another one.
    gcTime: 0,
  });
}
