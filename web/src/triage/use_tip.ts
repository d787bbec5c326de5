import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure, type Failure } from '../api/failure';
import type { TipDetail, TipRow } from '../api/types';
import type { LiveEvent } from '../shared/live_stream';
import { useNews, type News } from '../shared/news';
import type { WordKey } from '../words/words';
import { conflictWord, type Act } from './conflicts';
import { queueCountsQuery, tipQuery } from './queries';
import { isTriageEvent } from './use_queue';

// Events of one's own act arrive a little after its answer.
const OWN_EVENT_MS = 4000;

const DONE: Readonly<Record<Act, WordKey>> = {
  claim: 'work.done_claim',
  release: 'work.done_release',
  take_back: 'work.done_take_back',
  reopen: 'work.done_reopen',
  signal: 'work.done_signal',
  type: 'work.done_type',
  pull: 'work.done_pull',
  put_back: 'work.done_put_back',
  close: 'work.done_close',
  hold: 'work.done_hold',
  lift_hold: 'work.done_lift_hold',
};

// What came of the last act: a word of ours, or a failure that we have no word for.
export type Said = { word: WordKey; bad: boolean } | { failure: Failure };

export interface TipWork {
  detail: TipDetail | null;
  error: unknown;
  waiting: boolean;
  busy: boolean;
  said: Said | null;
  news: News; // Of others' acts, since it was read.
  readAgain: () => void;
  // Answers whether it was done. What stood in the way is in `said`, and what is shown is then read again.
  act: (act: Act, work: () => Promise<TipRow>) => Promise<boolean>;
}

// The judgement of one report and what is done with it. Each reading is recorded, so it is read again only after the
// reader's own act or wish, or when the page around it is (`reading`).
export function useTip(id: number, reading: number, onActed: (row: TipRow) => void): TipWork {
  const queries = useQueryClient();
  const [revision, setRevision] = useState(0);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);
  const ownUntil = useRef(0);
  const [news, seen] = useNews(
    useCallback(
      (event: LiveEvent) => event.subject === id && isTriageEvent(event) && Date.now() > ownUntil.current,
      [id],
    ),
    false, // The page around it says so.
  );
  const query = useQuery(tipQuery(id, revision));
  const [shown, setShown] = useState<TipDetail | null>(null);
  if (query.data !== undefined && query.data !== shown) setShown(query.data);

  const readAgain = useCallback(() => {
    seen();
    setRevision((before) => before + 1);
  }, [seen]);
  const read = useRef(reading);
  useEffect(() => {
    if (read.current === reading) return;
    read.current = reading;
    readAgain();
  }, [reading, readAgain]);

  const act = async (name: Act, work: () => Promise<TipRow>): Promise<boolean> => {
    setBusy(true);
    setSaid(null);
    ownUntil.current = Number.POSITIVE_INFINITY;
    try {
      const row = await work();
      setSaid({ word: DONE[name], bad: false });
      onActed(row);
      void queries.invalidateQueries({ queryKey: queueCountsQuery.queryKey });
      readAgain();
      return true;
    } catch (error) {
      const failure = asFailure(error);
      const word = conflictWord(failure, name);
      setSaid(word === null ? { failure } : { word, bad: true });
      if (failure.status === 409) readAgain();
      return false;
    } finally {
      ownUntil.current = Date.now() + OWN_EVENT_MS;
      setBusy(false);
    }
  };
  return { detail: shown, error: query.error, waiting: query.isPending, busy, said, news, readAgain, act };
}
