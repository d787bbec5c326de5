import { createContext, use } from 'react';
import type { Session } from '../api/types';
import { may, type Ability } from './permissions';

export const SessionContext = createContext<Session | null>(null);

// Inside the shell somebody is always signed in.
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession outside the shell');
  return session;
}

export function useMay(ability: Ability): boolean {
  return may(useSession(), ability);
}
