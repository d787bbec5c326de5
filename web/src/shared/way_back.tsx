import { createContext, use, useState, type ReactNode } from 'react';

// The list a person came from to a report: the way back to it as it was, and to the report's neighbours in it.

export interface Origin {
  path: string;
  kind: 'reports' | 'queue';
  ids: () => readonly number[];
  // The row the list opens at.
  activate: (id: number) => void;
}

interface WayBack {
  origin: Origin | null;
}

const WayBackContext = createContext<WayBack>({ origin: null });

export function WayBackProvider({ children }: { children: ReactNode }) {
  const [way] = useState<WayBack>(() => ({ origin: null }));
  return <WayBackContext value={way}>{children}</WayBackContext>;
}

export function useWayBack(): WayBack {
  return use(WayBackContext);
}
