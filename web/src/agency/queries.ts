import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';

export type InboxView = 'all' | 'unread' | 'urgent' | 'ending' | 'copies';
export const INBOX_VIEWS: readonly InboxView[] = ['all', 'unread', 'urgent', 'ending', 'copies'];

const ROWS = 50;
// What comes while the page stands open is fetched so often.
const FRESH_MS = 20_000;

export const agencyCountsQuery = queryOptions({
  queryKey: ['agency', 'counts'],
  queryFn: () => take(api.GET('/api/v1/agency/counts')),
  refetchInterval: FRESH_MS,
});

export function inboxQuery(view: InboxView) {
  return infiniteQueryOptions({
    queryKey: ['agency', 'deliveries', view],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/agency/deliveries', {
          params: {
            query: {
              limit: ROWS,
              ...(pageParam === '' ? {} : { after: pageParam }),
              ...(view === 'unread' ? { unread: true } : {}),
              ...(view === 'urgent' ? { urgent: true } : {}),
              ...(view === 'ending' ? { ending: true } : {}),
              ...(view === 'copies' ? { bundled: true } : {}),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_after ?? undefined,
    refetchInterval: FRESH_MS,
  });
}

// `revision` counts what the reader did to it; each reading is recorded.
export function deliveryQuery(id: number, revision: number) {
  return queryOptions({
    queryKey: ['agency', 'delivery', id, revision],
    queryFn: () => take(api.GET('/api/v1/agency/deliveries/{id}', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 0, // Whoever comes back sees it as it is by then.
  });
}
