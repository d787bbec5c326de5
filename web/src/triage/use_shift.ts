import { useEffect, useState } from 'react';
import { parseShift, shiftAt, shiftKey, type Shift } from './shift';

const ALIVE_MS = 60_000;

// Nothing where the browser keeps nothing.
function stored(login: string): Shift | null {
  try {
    return parseShift(localStorage.getItem(shiftKey(login)));
  } catch {
    return null;
  }
}

// A sign of life every minute, wherever in the console somebody is at work; in the shell.
export function useShiftClock(login: string): void {
  useEffect(() => {
    const note = () => {
      try {
        localStorage.setItem(shiftKey(login), JSON.stringify(shiftAt(stored(login), Date.now())));
      } catch {
        // A full or closed storage costs the comparison, never the page.
      }
    };
    note();
    const timer = setInterval(note, ALIVE_MS);
    return () => clearInterval(timer);
  }, [login]);
}

const startOf = (login: string) => shiftAt(stored(login), Date.now()).since;

// The end of one's last shift; null for whoever was not here before.
export function useShiftStart(login: string): string | null {
  const [since, setSince] = useState(() => startOf(login));
  useEffect(() => {
    const timer = setInterval(() => setSince(startOf(login)), ALIVE_MS);
    return () => clearInterval(timer);
  }, [login]);
  return since;
}
