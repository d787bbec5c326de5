// Goal: an address restores exactly the queue it was copied from, and nothing strange in it reaches the server.
import { describe, expect, it } from 'vitest';
import { filterCount, filtersFrom, queryFrom, sameView, searchFrom, withSort, type QueueFilters } from './filters';

const ALL: QueueFilters = {
  level: 1,
  urgent: true,
  claimed: 'nobody',
  incident_type: 'enticement',
  source: 'platform',
  organisation: 7,
  state: 'triaged',
  bundled: false,
  completeness_below: 50,
  from: '2026-11-01',
  to: '2026-11-30',
  sort: 'oldest',
};

describe('filters of the queue and the address', () => {
  it('go there and back unchanged', () => {
    expect(filtersFrom(searchFrom(ALL))).toEqual(ALL);
    expect(filtersFrom(searchFrom({}))).toEqual({});
  });
  it('drop what they do not know', () => {
    const strange =
      'level=4&urgent=yes&claimed=me&incident_type=x&organisation=1.5&state=closed&completeness_below=102&from=2026-13-01&sort=random&x=1';
    expect(filtersFrom(new URLSearchParams(strange))).toEqual({});
  });
  it('leave the usual order out of the address', () => {
    expect(searchFrom(withSort({ level: 2 }, 'priority')).toString()).toBe('level=2');
    expect(searchFrom(withSort({ level: 2 }, 'newest')).toString()).toBe('level=2&sort=newest');
    expect(sameView('sort=priority&urgent=true&level=1&junk=2')).toBe('level=1&urgent=true');
  });
  it('do not count the order', () => {
    expect(filterCount({ sort: 'newest' })).toBe(0);
    expect(filterCount(ALL)).toBe(11);
  });
  it('ask the server for instants, the whole last day included', () => {
    const utcDay = (text: string) => new Date(`${text}T00:00:00Z`);
    expect(queryFrom({ level: 1, from: '2026-11-01', to: '2026-11-30', sort: 'newest' }, utcDay)).toEqual({
      level: 1,
      sort: 'newest',
      received_from: '2026-11-01T00:00:00.000Z',
      received_to: '2026-12-01T00:00:00.000Z',
    });
  });
});
