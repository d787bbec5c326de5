import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useLiveEvents } from '../shared/live_context';
import type { LiveEvent } from '../shared/live_stream';
import { searchFrom, type QueueFilters } from './filters';
import { queueCountsQuery } from './queries';
import { useQueueStores } from './queue_stores';
import { useWayBack } from '../shared/way_back';

// However quiet the stream is, the top is asked for this often: a connection can die without saying so.
const CHECK_MS = 30_000;
const COUNTS_GAP_MS = 3000;

// Of one report.
export function isTriageEvent(event: LiveEvent): boolean {
  return event.kind.startsWith('triage.') && !isOfSender(event);
}

// Its subject is a sender, whose reports moved all at once.
function isOfSender(event: LiveEvent): boolean {
  return event.kind === 'triage.sender_followed';
}

// The counts follow events too, but not faster than somebody can read them.
function useCountsFollow(): () => void {
  const queries = useQueryClient();
  return useMemo(() => {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        void queries.invalidateQueries({ queryKey: queueCountsQuery.queryKey });
      }, COUNTS_GAP_MS);
    };
  }, [queries]);
}

export function useQueue(filters: QueueFilters) {
  const stores = useQueueStores();
  const wayBack = useWayBack();
  const countAgain = useCountsFollow();
  const kept = useMemo(() => stores.of(filters), [stores, filters]);
  const snapshot = useSyncExternalStore(kept.store.subscribe, kept.store.read);
  useEffect(() => {
    const search = searchFrom(filters).toString();
    wayBack.origin = {
      path: `/queue${search === '' ? '' : `?${search}`}`,
      kind: 'queue',
      ids: () => kept.store.read().rows.map((row) => row.report_id),
      activate: (id) => {
        kept.activeId = id;
      },
    };
  }, [wayBack, kept, filters]);
  useEffect(() => {
    void kept.store.open();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void kept.store.refresh();
    }, CHECK_MS);
    return () => clearInterval(timer);
  }, [kept]);
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (isOfSender(event)) void kept.store.refresh();
      else if (isTriageEvent(event)) kept.store.notice(event.subject);
      else return;
      countAgain();
    },
    [kept, countAgain],
  );
  const onGap = useCallback(() => void kept.store.refresh(), [kept]);
  useLiveEvents(onEvent, onGap);
  return { kept, snapshot, countAgain };
}
