import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';

// Somebody may have to be called; what comes while a page stands open is fetched so often.
const FRESH_MS = 20_000;

export const meetingsQuery = queryOptions({
  queryKey: ['deconfliction', 'meetings'],
  queryFn: () => take(api.GET('/api/v1/deconfliction')),
  refetchInterval: FRESH_MS,
});

export const holdsQuery = queryOptions({
  queryKey: ['deconfliction', 'holds'],
  queryFn: () => take(api.GET('/api/v1/tips/holds')),
  refetchInterval: FRESH_MS,
});

// `state`: the report's, `reading`: of its page; it is read again when either changes.
export function reportMeetingsQuery(id: number, state: string, reading: number) {
  return queryOptions({
    queryKey: ['deconfliction', 'report', id, state, reading],
    queryFn: () => take(api.GET('/api/v1/tips/{id}/deconfliction', { params: { path: { id } } })),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

const after = (from: number) => ({ params: { query: from === 0 ? {} : { after: from } } });
const next = (page: { next_after: string | null }) => (page.next_after === null ? undefined : Number(page.next_after));

export const interestsQuery = infiniteQueryOptions({
  queryKey: ['agency', 'interests'],
  queryFn: ({ pageParam }) => take(api.GET('/api/v1/agency/interests', after(pageParam))),
  initialPageParam: 0,
  getNextPageParam: next,
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: ['agency', 'meetings'],
  queryFn: ({ pageParam }) => take(api.GET('/api/v1/agency/meetings', after(pageParam))),
  initialPageParam: 0,
  getNextPageParam: next,
  refetchInterval: FRESH_MS,
});
