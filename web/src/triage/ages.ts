// How long something waits or lasts, in words. Pure; the language and the current time come from outside.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const HOURS_UNTIL_DAYS = 48;

function unit(value: number, name: 'minute' | 'hour' | 'day', language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}

// "1 min", "3 hr 12 min", "5 days". Less than a minute counts as one: nothing waits for "0 min".
export function duration(ms: number, language: string): string {
  const rest = Math.max(MINUTE_MS, ms);
  if (rest < HOUR_MS) return unit(Math.floor(rest / MINUTE_MS), 'minute', language);
  if (rest >= HOURS_UNTIL_DAYS * HOUR_MS) return unit(Math.floor(rest / DAY_MS), 'day', language);
  const hours = Math.floor(rest / HOUR_MS);
  const minutes = Math.floor((rest - hours * HOUR_MS) / MINUTE_MS);
  return minutes === 0
    ? unit(hours, 'hour', language)
    : `${unit(hours, 'hour', language)} ${unit(minutes, 'minute', language)}`;
}

// Since an instant of the wire; empty when it is none.
export function age(at: string, now: number, language: string): string {
  const then = Date.parse(at);
  return Number.isNaN(then) ? '' : duration(now - then, language);
}

// Until an instant, or null when it has passed.
export function timeLeft(until: string, now: number, language: string): string | null {
  const then = Date.parse(until);
  return Number.isNaN(then) || then <= now ? null : duration(then - now, language);
}
