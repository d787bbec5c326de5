import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';
import type { ReportRouting } from '../api/types';

export const agenciesQuery = queryOptions({
  queryKey: ['agencies'],
  queryFn: () => take(api.GET('/api/v1/agencies')),
  staleTime: 300_000,
});

// `revision` counts what the reader did to it; each reading is recorded.
// `reading` counts how often it was read for the reader; each is recorded.
export function routingQuery(id: number, reading: number) {
  return queryOptions({
    queryKey: ['routing', id, reading],
    queryFn: (): Promise<ReportRouting> => take(api.GET('/api/v1/tips/{id}/routing', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 0,
  });
}
