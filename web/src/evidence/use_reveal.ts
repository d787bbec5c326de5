import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Blur } from '../api/types';
import { endReveal, myExposureQuery, revealFile } from './queries';
import { withReveal, type Showing } from './reveal';

export interface Revealing {
  showing: Showing | null;
  busy: boolean;
  error: unknown;
  // Shows that step: what is here already at once, else by asking the server.
  step: (blur: Blur) => void;
}

// What one dialog shows of one file, from its first step to its end: it tells the server when the last one is over, however
// the dialog goes.
export function useReveal(file: number, purpose: string): Revealing {
  const queries = useQueryClient();
  const [showing, setShowing] = useState<Showing | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = useRef<number | null>(null);
  const gone = useRef(false);

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      if (open.current !== null) endReveal(open.current);
      open.current = null;
      void queries.invalidateQueries({ queryKey: myExposureQuery.queryKey });
      void queries.invalidateQueries({ queryKey: ['gate'] });
    };
  }, [queries]);

  const ask = useCallback(
    async (blur: Blur) => {
      setBusy(true);
      setError(null);
      try {
        const reveal = await revealFile(file, purpose, blur);
        if (gone.current) {
          endReveal(reveal.reveal);
          return;
        }
        open.current = reveal.reveal; // The server has ended the one before.
        setShowing((before) => withReveal(before, reveal));
        queries.setQueryData(myExposureQuery.queryKey, reveal.exposure);
      } catch (failure) {
        if (!gone.current) setError(failure);
      } finally {
        if (!gone.current) setBusy(false);
      }
    },
    [file, purpose, queries],
  );
  const step = (blur: Blur) => {
    if (busy) return;
    if (showing?.seen[blur] === undefined) void ask(blur);
    else setShowing({ ...showing, blur });
  };
  return { showing, busy, error, step };
}
