import type { Blur, Reveal } from '../api/types';

// The steps of a reveal, without a browser. Every step that was not seen yet is asked of the server, which counts it; going
// back to more blur shows what is here already and asks nobody.

export const STEPS: readonly Blur[] = ['strong', 'light', 'none'];

export interface Showing {
  seen: Partial<Record<Blur, Reveal>>;
  blur: Blur;
}

export function withReveal(before: Showing | null, reveal: Reveal): Showing {
  return { seen: { ...before?.seen, [reveal.blur]: reveal }, blur: reveal.blur };
}

export function lessBlur(blur: Blur): Blur | null {
  return STEPS[STEPS.indexOf(blur) + 1] ?? null;
}

export function moreBlur(blur: Blur): Blur | null {
  return STEPS[STEPS.indexOf(blur) - 1] ?? null;
}

// What a key means while a preview is on the screen. Keys that people press with another in mind mean nothing.
export type Wish = 'less' | 'more';

export function wishOf(press: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): Wish | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.key === '+' || press.key === '=') return 'less';
  if (press.key === '-') return 'more';
  return null;
}

// Only what the sandboxed decoder reads is offered; the server says no to the rest as well.
const SHOWN_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

export function hasPreview(sniffedType: string): boolean {
  return SHOWN_TYPES.includes(sniffedType);
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place += 1) bytes[place] = text.charCodeAt(place);
  return bytes;
}

// Whole minutes, of what was on the screen so far.
export function minutes(seconds: number): number {
  return Math.floor(seconds / 60);
}
