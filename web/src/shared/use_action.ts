import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

// Runs one change at a time and fetches the lists it affects again.
export function useAction(affected: QueryKey): {
  run: <Result>(work: () => Promise<Result>) => Promise<Result | undefined>;
  busy: boolean;
  error: unknown;
} {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = useCallback(
    async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
      setBusy(true);
      setError(null);
      try {
        const result = await work();
        await queries.invalidateQueries({ queryKey: affected });
        return result;
      } catch (failure) {
        setError(failure);
        return undefined;
      } finally {
        setBusy(false);
      }
      // The key is a constant of the caller's module.
    },
    [queries, affected],
  );
  return { run, busy, error };
}
