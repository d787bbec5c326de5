import { useState } from 'react';

export interface Acting {
  busy: boolean;
  error: unknown;
  // Answers whether it was done; what stood in the way is in `error`.
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

// Runs one act at a time, and keeps what went wrong.
export function useAct(onDone: () => void): Acting {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      onDone();
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}
