// Pure formatting. Every function takes the language and the current time from outside.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// "2 min ago" for the near past, a date and time beyond a day.
export function relativeTime(at: string, now: number, language: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return '';
  const seconds = Math.round((now - then) / 1000);
  if (seconds >= DAY || seconds < -MINUTE) return shortMoment(at, language);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  if (seconds < 5) return format.format(0, 'second');
  if (seconds < MINUTE) return format.format(-seconds, 'second');
  if (seconds < HOUR) return format.format(-Math.floor(seconds / MINUTE), 'minute');
  return format.format(-Math.floor(seconds / HOUR), 'hour');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, options);
  formats.set(key, made);
  return made;
}

// In the reader's own time zone, for lists: "23 Nov, 14:05".
export function shortMoment(at: string, language: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return '';
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
  return dateFormat(language, 'short', options).format(then);
}

// With seconds and the zone's name, for records.
export function fullMoment(at: string, language: string, timeZone?: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return '';
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  return dateFormat(language, `full ${timeZone ?? ''}`, options).format(then);
}

export function dateOnly(at: string, language: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return '';
  return dateFormat(language, 'date', { day: 'numeric', month: 'short', year: 'numeric' }).format(then);
}

// Whole days until then, rounded down; negative once it has passed.
export function daysUntil(at: string, now: number): number {
  return Math.floor((Date.parse(at) - now) / 1000 / DAY);
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

// Powers of 1000, at most one decimal.
export function bytes(value: number, language: string): string {
  let rest = Math.max(0, value);
  let index = 0;
  while (rest >= 999.95 && index < BYTE_UNITS.length - 1) {
    rest /= 1000;
    index += 1;
  }
  const unit = BYTE_UNITS[index] ?? 'byte';
  const digits = index === 0 || rest >= 100 ? 0 : 1;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: index === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(rest);
}

// "personOrUserReported" and "files_pending" as words, for codes nobody has given a label.
export function humanise(code: string): string {
  const spaced = code
    .replace(/[_.]+/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .trim();
  if (spaced === '') return '';
  const lower = spaced.replace(/\b([A-Z])([a-z]+)/g, (_all, first: string, rest: string) => first.toLowerCase() + rest);
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

// "mm:ss" until something ends.
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / MINUTE)}:${String(whole % MINUTE).padStart(2, '0')}`;
}

// In the reader's own time zone: "14:05".
export function shortTime(at: string, language: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return '';
  return dateFormat(language, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(then);
}
