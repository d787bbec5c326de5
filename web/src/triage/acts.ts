import { api, take } from '../api/client';
import type { Disposition, IncidentType, Signal, TipRow } from '../api/types';

// What people do with a report. Each answers the report's row as it is afterwards.

const of = (id: number) => ({ params: { path: { id } } });

export const acts = {
  claim: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/claim', of(id))),
  release: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/release', of(id))),
  takeBack: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/take-back', of(id))),
  reopen: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/reopen', of(id))),
  pull: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/pull', of(id))),
  putBack: (id: number): Promise<TipRow> => take(api.POST('/api/v1/tips/{id}/put-back', of(id))),
  signal: (id: number, signal: Signal, present: boolean): Promise<TipRow> =>
    take(api.POST('/api/v1/tips/{id}/signal', { ...of(id), body: { signal, present } })),
  type: (id: number, incident_type: IncidentType): Promise<TipRow> =>
    take(api.POST('/api/v1/tips/{id}/type', { ...of(id), body: { incident_type } })),
  close: (id: number, disposition: Disposition): Promise<TipRow> =>
    take(api.POST('/api/v1/tips/{id}/close', { ...of(id), body: { disposition } })),
  hold: (id: number, hold: { reason: string; reference: string; review_on: string }): Promise<TipRow> =>
    take(api.POST('/api/v1/tips/{id}/hold', { ...of(id), body: hold })),
  liftHold: (id: number, note: string): Promise<TipRow> =>
    take(api.POST('/api/v1/tips/{id}/lift-hold', { ...of(id), body: { note } })),
};

// What a person may say of a report, and how it may be closed.
export const PERSONS_SIGNALS = ['confirmed_danger', 'missing_child', 'judged_harmless'] as const;
export const DISPOSITIONS = ['informational', 'not_csae', 'spam'] as const;
