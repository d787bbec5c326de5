import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { browserConnection, LiveStream, type LiveEvent, type LiveState } from './live_stream';

// One stream for the whole console, however many pages listen.

const LiveContext = createContext<LiveStream | null>(null);

function createStream(): LiveStream {
  return new LiveStream({
    connect: () => browserConnection('/api/v1/live'),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
}

export function LiveProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const [stream] = useState(createStream);
  useEffect(() => {
    if (!enabled) return undefined;
    stream.start();
    return () => stream.stop();
  }, [stream, enabled]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

function useStream(): LiveStream {
  const stream = use(LiveContext);
  if (stream === null) throw new Error('no live stream here');
  return stream;
}

export function useLiveState(): LiveState {
  const stream = useStream();
  return useSyncExternalStore(stream.onState, stream.readState);
}

export function useLiveEvents(onEvent: (event: LiveEvent) => void, onGap: () => void): void {
  const stream = useStream();
  useEffect(() => stream.onEvent(onEvent), [stream, onEvent]);
  useEffect(() => stream.onGap(onGap), [stream, onGap]);
}
