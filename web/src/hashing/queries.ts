import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';

const AGAIN_MS = 10_000;

// How the pictures of a report came out. Asked again while some are not examined.
export function picturesQuery(report: number) {
  return queryOptions({
    queryKey: ['pictures', report],
    queryFn: () => take(api.GET('/api/v1/reports/{id}/pictures', { params: { path: { id: report } } })),
    refetchInterval: (query) => (query.state.data?.examined === false ? AGAIN_MS : false),
  });
}
