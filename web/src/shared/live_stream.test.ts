// Goal: the page always knows whether it is live, and comes back by itself. Method: a connection driven by hand.
import { describe, expect, it, vi } from 'vitest';
import { LiveStream, parseEvent, type EventConnection } from './live_stream';

function setUp() {
  const made: (EventConnection & { closed: boolean; send: (data: string) => void })[] = [];
  const delays: { delay: number; run: () => void }[] = [];
  const stream = new LiveStream({
    connect: () => {
      let listener: (data: string) => void = () => undefined;
      const connection = {
        onopen: null,
        onerror: null,
        closed: false,
        onmessage: (_type: string, wanted: (data: string) => void) => {
          listener = wanted;
        },
        isClosed: () => connection.closed,
        close: () => {
          connection.closed = true;
        },
        send: (data: string) => listener(data),
      } as EventConnection & { closed: boolean; send: (data: string) => void };
      made.push(connection);
      return connection;
    },
    after: (delay, run) => {
      delays.push({ delay, run });
      return () => undefined;
    },
  });
  return { stream, made, delays };
}

describe('LiveStream', () => {
  it('passes events on and ignores what it cannot read', () => {
    const { stream, made } = setUp();
    const heard = vi.fn();
    stream.onEvent(heard);
    stream.start();
    made[0]?.onopen?.();
    expect(stream.readState()).toBe('open');
    made[0]?.send('{"kind":"tipline.report_finished","subject":7}');
    made[0]?.send('not json');
    expect(heard.mock.calls).toEqual([[{ kind: 'tipline.report_finished', subject: 7 }]]);
  });

  it('leaves a dropped connection to the browser and reports the gap', () => {
    const { stream, made, delays } = setUp();
    const gap = vi.fn();
    stream.onGap(gap);
    stream.start();
    made[0]?.onopen?.();
    expect(gap).not.toHaveBeenCalled();
    made[0]?.onerror?.();
    expect(stream.readState()).toBe('retrying');
    expect(delays).toHaveLength(0);
    made[0]?.onopen?.();
    expect(gap).toHaveBeenCalledOnce();
  });

  it('tries again later and later after a refusal', () => {
    const { stream, made, delays } = setUp();
    stream.start();
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const connection = made[attempt];
      if (connection === undefined) throw new Error('no connection');
      connection.closed = true;
      connection.onerror?.();
      delays[attempt]?.run();
    }
    expect(delays.map((one) => one.delay)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('stops for good', () => {
    const { stream, made } = setUp();
    stream.start();
    stream.stop();
    expect(made[0]?.closed).toBe(true);
    expect(stream.readState()).toBe('closed');
  });
});

describe('parseEvent', () => {
  it('accepts only a kind and a number', () => {
    expect(parseEvent('{"kind":"x","subject":"1"}')).toBeNull();
    expect(parseEvent('null')).toBeNull();
    expect(parseEvent('{"kind":"x","subject":1}')).toEqual({ kind: 'x', subject: 1 });
  });
});
