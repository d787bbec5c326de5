import type { IncidentType, ReportSource, ReportState } from '../api/types';
import { day, flag, localDayStart, oneOf, wholeNumber } from '../shared/address';

// What the list shows, as it stands in the address bar. Unknown or malformed parts of an address are dropped, never sent.

export const STATES: readonly ReportState[] = [
  'opened',
  'files_pending',
  'finished',
  'validated',
  'triaged',
  'in_review',
  'made_available',
  'feedback_received',
  'closed',
  'retracted',
  'expired_unfinished',
  'refused',
  'held_legal',
  'paused_deconfliction',
];
export const INCIDENT_TYPES: readonly IncidentType[] = [
  'csam',
  'trafficking',
  'sex_tourism',
  'molestation',
  'misleading_domain',
  'misleading_words',
  'enticement',
  'unsolicited_obscene',
];
export const SOURCES: readonly ReportSource[] = ['platform', 'public'];

export interface Filters {
  state?: ReportState;
  incident_type?: IncidentType;
  source?: ReportSource;
  organisation?: number;
  urgent?: boolean;
  test?: boolean;
  batched?: boolean;
  from?: string;
  to?: string;
}

function withoutUndefined(filters: Record<keyof Filters, unknown>): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters;
}

export function filtersFrom(search: URLSearchParams): Filters {
  return withoutUndefined({
    state: oneOf(search.get('state'), STATES),
    incident_type: oneOf(search.get('incident_type'), INCIDENT_TYPES),
    source: oneOf(search.get('source'), SOURCES),
    organisation: wholeNumber(search.get('organisation')),
    urgent: flag(search.get('urgent')),
    test: flag(search.get('test')),
    batched: flag(search.get('batched')),
    from: day(search.get('from')),
    to: day(search.get('to')),
  });
}

// In a fixed order, so that equal filters are equal addresses.
const NAMES: readonly (keyof Filters)[] = [
  'state',
  'incident_type',
  'source',
  'organisation',
  'urgent',
  'test',
  'batched',
  'from',
  'to',
];

export function searchFrom(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name];
    if (value !== undefined) search.set(name, String(value));
  }
  return search;
}

export function filterCount(filters: Filters): number {
  return NAMES.filter((name) => filters[name] !== undefined).length;
}

// The API takes instants; days are the reader's own days, both ends included.
export function queryFrom(
  filters: Filters,
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
