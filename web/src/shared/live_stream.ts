// The stream of live events (server-sent events), kept open. The browser reconnects after a dropped connection by
// itself; when the server refuses (signed out, too busy) the browser gives up, and this tries again, each time later.

export type LiveState = 'connecting' | 'open' | 'retrying' | 'closed';

export interface LiveEvent {
  kind: string;
  subject: number;
}

export interface EventConnection {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: (type: string, listener: (data: string) => void) => void;
  isClosed: () => boolean;
  close: () => void;
}

export interface LiveStreamOptions {
  connect: () => EventConnection;
  after: (delayMs: number, run: () => void) => () => void;
}

const FIRST_DELAY_MS = 1000;
const DELAY_MS_MAX = 30_000;

export function parseEvent(data: string): LiveEvent | null {
  try {
    const parsed: unknown = JSON.parse(data);
    if (parsed === null || typeof parsed !== 'object') return null;
    const { kind, subject } = parsed as Record<string, unknown>;
    return typeof kind === 'string' && typeof subject === 'number' ? { kind, subject } : null;
  } catch {
    return null;
  }
}

export class LiveStream {
  private state: LiveState = 'closed';
  private connection: EventConnection | null = null;
  private delay = FIRST_DELAY_MS;
  private cancelRetry: (() => void) | null = null;
  private readonly stateListeners = new Set<() => void>();
  private readonly eventListeners = new Set<(event: LiveEvent) => void>();
  private readonly gapListeners = new Set<() => void>();

  constructor(private readonly options: LiveStreamOptions) {}

  readState = (): LiveState => this.state;
  onState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };
  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }
  // Runs when the stream is back after a break, in which events may have been missed.
  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  start(): void {
    if (this.connection !== null || this.cancelRetry !== null) return;
    this.setState('connecting');
    this.connect();
  }

  stop(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.connection?.close();
    this.connection = null;
    this.setState('closed');
  }

  private connect(): void {
    const connection = this.options.connect();
    this.connection = connection;
    connection.onopen = () => {
      const wasBroken = this.state === 'retrying';
      this.delay = FIRST_DELAY_MS;
      this.setState('open');
      if (wasBroken) for (const listener of this.gapListeners) listener();
    };
    connection.onmessage('report', (data) => {
      const event = parseEvent(data);
      if (event !== null) for (const listener of this.eventListeners) listener(event);
    });
    connection.onerror = () => {
      this.setState('retrying');
      if (!connection.isClosed()) return;
      this.connection = null;
      this.cancelRetry = this.options.after(this.delay, () => {
        this.cancelRetry = null;
        this.connect();
      });
      this.delay = Math.min(DELAY_MS_MAX, this.delay * 2);
    };
  }

  private setState(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.stateListeners) listener();
  }
}

export function browserConnection(url: string): EventConnection {
  const source = new EventSource(url, { withCredentials: true });
  const connection: EventConnection = {
    onopen: null,
    onerror: null,
    onmessage: (type, listener) =>
      source.addEventListener(type, (event) => listener((event as MessageEvent<string>).data)),
    isClosed: () => source.readyState === EventSource.CLOSED,
    close: () => source.close(),
  };
  source.onopen = () => connection.onopen?.();
  source.onerror = () => connection.onerror?.();
  return connection;
}
