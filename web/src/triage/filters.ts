import type { IncidentType, ReportSource, ReportState } from '../api/types';
import { day, flag, localDayStart, oneOf, wholeNumber } from '../shared/address';
import { INCIDENT_TYPES, SOURCES } from '../tipline/filters';

// What the queue shows and in which order, as it stands in the address bar. Unknown or malformed parts are dropped.

export const LEVELS = [1, 2, 3] as const;
export const CLAIMS = ['mine', 'nobody', 'somebody'] as const;
export const SORTS = ['priority', 'newest', 'oldest'] as const;
// The states in which a report waits for a person.
export const WAITING_STATES: readonly ReportState[] = ['triaged', 'in_review', 'paused_deconfliction'];
export const COMPLETENESS_BOUNDS = [25, 50, 75, 100] as const;

export type Level = (typeof LEVELS)[number];
export type ClaimFilter = (typeof CLAIMS)[number];
export type Sort = (typeof SORTS)[number];

export interface QueueFilters {
  level?: Level;
  urgent?: boolean;
  claimed?: ClaimFilter;
  incident_type?: IncidentType;
  source?: ReportSource;
  organisation?: number;
  state?: ReportState;
  bundled?: boolean;
  completeness_below?: number;
  from?: string;
  to?: string;
  sort?: Sort; // Absent: by priority.
}

// In a fixed order, so that equal filters are equal addresses.
const NAMES: readonly (keyof QueueFilters)[] = [
  'level',
  'urgent',
  'claimed',
  'incident_type',
  'source',
  'organisation',
  'state',
  'bundled',
  'completeness_below',
  'from',
  'to',
  'sort',
];

function percent(text: string | null): number | undefined {
  const value = wholeNumber(text);
  return value === undefined || value > 101 ? undefined : value;
}

export function filtersFrom(search: URLSearchParams): QueueFilters {
  const level = wholeNumber(search.get('level'));
  const sort = oneOf(search.get('sort'), SORTS);
  const all: Record<keyof QueueFilters, unknown> = {
    level: LEVELS.find((one) => one === level),
    urgent: flag(search.get('urgent')),
    claimed: oneOf(search.get('claimed'), CLAIMS),
    incident_type: oneOf(search.get('incident_type'), INCIDENT_TYPES),
    source: oneOf(search.get('source'), SOURCES),
    organisation: wholeNumber(search.get('organisation')),
    state: oneOf(search.get('state'), WAITING_STATES),
    bundled: flag(search.get('bundled')),
    completeness_below: percent(search.get('completeness_below')),
    from: day(search.get('from')),
    to: day(search.get('to')),
    sort: sort === 'priority' ? undefined : sort,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as QueueFilters;
}

export function searchFrom(filters: QueueFilters): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name];
    if (value !== undefined && value !== 'priority') search.set(name, String(value));
  }
  return search;
}

// An address in its one form, whatever it was written like.
export function sameView(search: string): string {
  return searchFrom(filtersFrom(new URLSearchParams(search))).toString();
}

export function withSort(filters: QueueFilters, sort: string): QueueFilters {
  const search = searchFrom(filters);
  search.set('sort', sort);
  return filtersFrom(search);
}

// The order is no filter.
export function filterCount(filters: QueueFilters): number {
  return NAMES.filter((name) => name !== 'sort' && filters[name] !== undefined).length;
}

// The API takes instants; days are the reader's own days, both ends included.
export function queryFrom(
  filters: QueueFilters,
  dayStart: (day: string) => Date = localDayStart,
): Record<string, string | number | boolean> {
  const { from, to, ...rest } = filters;
  const query: Record<string, string | number | boolean> = { ...rest };
  if (from !== undefined) query['received_from'] = dayStart(from).toISOString();
  if (to !== undefined) {
    const end = dayStart(to);
    end.setDate(end.getDate() + 1);
    query['received_to'] = end.toISOString();
  }
  return query;
}
