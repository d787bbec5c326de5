// Goal: what people read is right at the edges. Method: fixed instants, both languages where words differ.
import { describe, expect, it } from 'vitest';
import { bytes, count, countdown, daysUntil, fullMoment, humanise, relativeTime } from './format';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('relativeTime', () => {
  it('counts seconds, minutes and hours', () => {
    expect(relativeTime('2026-11-23T11:59:58Z', NOW, 'en')).toBe('now');
    expect(relativeTime('2026-11-23T11:59:30Z', NOW, 'en')).toBe('30 sec. ago');
    expect(relativeTime('2026-11-23T11:59:00Z', NOW, 'en')).toBe('1 min. ago');
    expect(relativeTime('2026-11-23T10:01:00Z', NOW, 'en')).toBe('1 hr. ago');
  });
  it('gives a date from one day on, and for the future', () => {
    expect(relativeTime('2026-11-22T12:00:00Z', NOW, 'en')).toMatch(/Nov/);
    expect(relativeTime('2026-11-24T12:00:00Z', NOW, 'en')).toMatch(/Nov/);
  });
  it('says nothing about what is not a time', () => {
    expect(relativeTime('', NOW, 'en')).toBe('');
  });
});

describe('fullMoment', () => {
  it('names the zone', () => {
    expect(fullMoment('2026-11-23T12:00:00Z', 'en-GB', 'UTC')).toBe('23 Nov 2026, 12:00:00 UTC');
  });
});

describe('daysUntil', () => {
  it('counts whole days that are left', () => {
    expect(daysUntil('2026-11-30T12:00:00Z', NOW)).toBe(7);
    expect(daysUntil('2026-11-30T11:59:59Z', NOW)).toBe(6);
    expect(daysUntil('2026-11-23T12:00:00Z', NOW)).toBe(0);
    expect(daysUntil('2026-11-23T11:59:59Z', NOW)).toBe(-1);
  });
});

describe('bytes', () => {
  it('changes unit before it would show four digits', () => {
    expect(bytes(0, 'en')).toBe('0 bytes');
    expect(bytes(999, 'en')).toBe('999 bytes');
    expect(bytes(1000, 'en')).toBe('1 kB');
    expect(bytes(999_960, 'en')).toBe('1 MB');
    expect(bytes(88_200_000, 'en')).toBe('88.2 MB');
  });
  it('does not go below zero', () => {
    expect(bytes(-1, 'en')).toBe('0 bytes');
  });
});

describe('humanise', () => {
  it('makes words of wire names and codes', () => {
    expect(humanise('personOrUserReported')).toBe('Person or user reported');
    expect(humanise('files_pending')).toBe('Files pending');
    expect(humanise('legalURL')).toBe('Legal URL');
    expect(humanise('')).toBe('');
  });
});

describe('count and countdown', () => {
  it('groups and pads', () => {
    expect(count(1234567, 'en')).toBe('1,234,567');
    expect(countdown(61)).toBe('1:01');
    expect(countdown(-3)).toBe('0:00');
  });
});
