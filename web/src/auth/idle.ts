// When a session ends for want of a person. The server holds the same clock; background requests of an open page must
// not keep a session alive, so the page signs itself out when nobody has touched it for that long.

export const IDLE_SECONDS_DEFAULT = 30 * 60;
export const WARN_SECONDS = 2 * 60;

export type IdlePhase = { kind: 'active' } | { kind: 'warning'; secondsLeft: number } | { kind: 'over' };

export function idlePhase(lastActiveAt: number, now: number, idleSeconds: number): IdlePhase {
  const left = idleSeconds - (now - lastActiveAt) / 1000;
  if (left <= 0) return { kind: 'over' };
  return left <= Math.min(WARN_SECONDS, idleSeconds / 2) ? { kind: 'warning', secondsLeft: left } : { kind: 'active' };
}
