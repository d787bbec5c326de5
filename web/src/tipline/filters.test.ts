// Goal: an address restores exactly the list it was copied from, and nothing strange in it reaches the server.
import { describe, expect, it } from 'vitest';
import { filterCount, filtersFrom, queryFrom, searchFrom, type Filters } from './filters';

const ALL: Filters = {
  state: 'finished',
  incident_type: 'enticement',
  source: 'platform',
  organisation: 7,
  urgent: true,
  test: false,
  batched: true,
  from: '2026-11-01',
  to: '2026-11-30',
};

describe('filters and the address', () => {
  it('go there and back unchanged', () => {
    expect(filtersFrom(searchFrom(ALL))).toEqual(ALL);
    expect(filtersFrom(searchFrom({}))).toEqual({});
    expect(filtersFrom(searchFrom({ organisation: 0 }))).toEqual({ organisation: 0 });
  });
  it('are the same address whatever order they were set in', () => {
    const reversed = Object.fromEntries(Object.entries(ALL).reverse()) as Filters;
    expect(searchFrom(reversed).toString()).toBe(searchFrom(ALL).toString());
  });
  it('drop what they do not know', () => {
    const strange =
      'state=open&incident_type=&source=PLATFORM&organisation=-1&urgent=1&from=2026-02-30&to=yesterday&x=1';
    expect(filtersFrom(new URLSearchParams(strange))).toEqual({});
  });
  it('are counted one by one', () => {
    expect(filterCount({})).toBe(0);
    expect(filterCount({ urgent: false })).toBe(1);
    expect(filterCount(ALL)).toBe(9);
  });
});

describe('queryFrom', () => {
  const utcDay = (text: string) => new Date(`${text}T00:00:00Z`);
  it('includes the whole last day', () => {
    expect(queryFrom({ from: '2026-11-01', to: '2026-11-30' }, utcDay)).toEqual({
      received_from: '2026-11-01T00:00:00.000Z',
      received_to: '2026-12-01T00:00:00.000Z',
    });
  });
  it('passes the rest through', () => {
    expect(queryFrom({ state: 'opened', urgent: true })).toEqual({ state: 'opened', urgent: true });
  });
});
