import type { IncidentType, ReportSource, ReportState } from '../api/types';

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

function oneOf<Value extends string>(text: string | null, allowed: readonly Value[]): Value | undefined {
  return allowed.find((value) => value === text);
}

function flag(text: string | null): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function day(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const parsed = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== text ? undefined : text;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
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

function localDayStart(text: string): Date {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
  return new Date(year, month - 1, date);
}
