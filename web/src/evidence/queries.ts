import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client';
import type { Blur, FileGate } from '../api/types';

const FILES_A_PAGE = 1000;
const PAGES_MAX = 100;

// Who may open the files of a report, by file.
export function gateQuery(report: number, language: string) {
  return queryOptions({
    queryKey: ['gate', report, language],
    queryFn: async (): Promise<ReadonlyMap<number, FileGate>> => {
      const gates = new Map<number, FileGate>();
      let after: number | null = 0;
      for (let pages = 0; after !== null && pages < PAGES_MAX; pages += 1) {
        const query = { after, limit: FILES_A_PAGE, language };
        const page: { items: FileGate[]; next_after: number | null } = await take(
          api.GET('/api/v1/reports/{id}/gate', { params: { path: { id: report }, query } }),
        );
        for (const one of page.items) gates.set(one.file, one);
        after = page.next_after;
      }
      return gates;
    },
  });
}

// The first thousand files of a report, and what is recorded of orders and consents.
export function reportGateQuery(report: number, language: string) {
  const query = { limit: FILES_A_PAGE, language };
  return queryOptions({
    queryKey: ['gate', 'report', report, language],
    queryFn: () => take(api.GET('/api/v1/reports/{id}/gate', { params: { path: { id: report }, query } })),
  });
}

export const gateTablesQuery = queryOptions({
  queryKey: ['gate', 'tables'],
  queryFn: () => take(api.GET('/api/v1/gate/tables')),
});

// Of that version; empty: of today.
export function gateTableQuery(version: string, language: string) {
  const query = version === '' ? { language } : { version, language };
  return queryOptions({
    queryKey: ['gate', 'table', version, language],
    queryFn: () => take(api.GET('/api/v1/gate/table', { params: { query } })),
  });
}

export function gateFlagsQuery(after: number) {
  return queryOptions({
    queryKey: ['gate', 'flags', after],
    queryFn: () => take(api.GET('/api/v1/gate/reviews', { params: { query: { after } } })),
    refetchInterval: 60_000,
  });
}

export const myExposureQuery = queryOptions({
  queryKey: ['exposure', 'mine'],
  queryFn: () => take(api.GET('/api/v1/exposure/mine')),
  staleTime: 0,
});

export const exposureQuery = queryOptions({
  queryKey: ['exposure', 'all'],
  queryFn: () => take(api.GET('/api/v1/exposure')),
  refetchInterval: 60_000,
});

// Recorded and counted by the server before it reads a byte.
export function revealFile(file: number, purpose: string, blur: Blur) {
  return take(api.POST('/api/v1/files/{id}/reveal', { params: { path: { id: file } }, body: { purpose, blur } }));
}

// Also on the way out of the page. Should it not arrive, the server counts the longest time.
export function endReveal(reveal: number): void {
  void api
    .POST('/api/v1/reveals/{id}/end', { params: { path: { id: reveal } }, keepalive: true })
    .catch(() => undefined);
}
