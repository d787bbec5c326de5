import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, setCsrfToken } from '../api/client';
import { sessionQuery } from '../api/queries';

// Ends the session here even if the server cannot be reached: what was fetched is forgotten at once.
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    await api.POST('/api/v1/sign-out').catch(() => undefined);
    setCsrfToken('');
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    queries.setQueryData(sessionQuery.queryKey, null);
  }, [queries]);
}
