// Goal: how long something waits is said in words a person would use, in both languages.
import { describe, expect, it } from 'vitest';
import { age, duration, timeLeft } from './ages';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('duration', () => {
  it('has the finest unit that matters', () => {
    expect(duration(0, 'en')).toBe('1 min');
    expect(duration(59 * MINUTE + 59_000, 'en')).toBe('59 min');
    expect(duration(HOUR, 'en')).toBe('1 hr');
    expect(duration(3 * HOUR + 12 * MINUTE, 'en')).toBe('3 hr 12 min');
    expect(duration(47 * HOUR + 59 * MINUTE, 'en')).toBe('47 hr 59 min');
    expect(duration(48 * HOUR, 'en')).toBe('2 days');
    expect(duration(3 * HOUR + 12 * MINUTE, 'es')).toBe('3 h 12 min');
    expect(duration(5 * 24 * HOUR, 'es')).toBe('5 d');
  });
});

describe('age and time left', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');
  it('count from and to an instant', () => {
    expect(age('2026-11-25T11:15:00Z', now, 'en')).toBe('45 min');
    expect(timeLeft('2026-11-25T12:30:00Z', now, 'en')).toBe('30 min');
  });
  it('know when it is over', () => {
    expect(timeLeft('2026-11-25T12:00:00Z', now, 'en')).toBeNull();
    expect(timeLeft('never', now, 'en')).toBeNull();
    expect(age('never', now, 'en')).toBe('');
  });
  it('do not turn back when clocks differ', () => {
    expect(age('2026-11-25T12:00:30Z', now, 'en')).toBe('1 min');
  });
});
