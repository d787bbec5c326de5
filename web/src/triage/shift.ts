// When somebody was last here: a pause of more than an hour ends a shift. Kept in this browser under their login.

export const PAUSE_MS = 60 * 60 * 1000;

export interface Shift {
  since: string | null; // The end of the shift before this one; null in the first.
  seen: string; // Last sign of life.
}

export function shiftKey(login: string): string {
  return `porchlight-shift:${login}`;
}

// Whatever is stored, a shift that makes sense comes out, or none.
export function parseShift(stored: string | null): Shift | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    if (value === null || typeof value !== 'object') return null;
    const { since, seen } = value as Record<string, unknown>;
    if (typeof seen !== 'string' || Number.isNaN(Date.parse(seen))) return null;
    if (since === null) return { since, seen };
    return typeof since !== 'string' || Number.isNaN(Date.parse(since)) ? null : { since, seen };
  } catch {
    return null;
  }
}

// The shift that this moment belongs to.
export function shiftAt(before: Shift | null, now: number): Shift {
  const seen = new Date(now).toISOString();
  if (before === null) return { since: null, seen };
  const pause = now - Date.parse(before.seen);
  return { since: pause > PAUSE_MS ? before.seen : before.since, seen };
}
