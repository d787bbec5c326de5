import { describe, expect, it } from 'vitest';
import { PAUSE_MS, parseShift, shiftAt } from './shift';

const EIGHT = Date.parse('2026-11-29T08:00:00Z');
const at = (milliseconds: number) => new Date(milliseconds).toISOString();

describe('a shift', () => {
  it('begins with nothing to compare for whoever was never here', () => {
    expect(shiftAt(null, EIGHT)).toEqual({ since: null, seen: at(EIGHT) });
    const first = { since: null, seen: at(EIGHT) };
    expect(shiftAt(first, EIGHT + 1)).toEqual({ since: null, seen: at(EIGHT + 1) });
    expect(shiftAt(first, EIGHT + PAUSE_MS + 1).since).toBe(at(EIGHT));
  });

  it('goes on while the pauses are short, on both sides of an hour', () => {
    const before = { since: at(EIGHT - 5 * PAUSE_MS), seen: at(EIGHT) };
    expect(shiftAt(before, EIGHT + PAUSE_MS)).toEqual({ since: before.since, seen: at(EIGHT + PAUSE_MS) });
    expect(shiftAt(before, EIGHT + PAUSE_MS + 1)).toEqual({ since: before.seen, seen: at(EIGHT + PAUSE_MS + 1) });
  });

  it('reads back what was stored and nothing else', () => {
    const shift = { since: at(EIGHT), seen: at(EIGHT + 1) };
    expect(parseShift(JSON.stringify(shift))).toEqual(shift);
    expect(parseShift(JSON.stringify({ ...shift, since: null }))).toEqual({ ...shift, since: null });
    for (const bad of [
      null,
      '',
      '{',
      '3',
      'null',
      '{"since":1,"seen":2}',
      '{"since":null,"seen":"now"}',
      '{"since":"then","seen":"now"}',
    ]) {
      expect(parseShift(bad)).toBeNull();
    }
  });
});
