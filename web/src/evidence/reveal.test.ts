// Goal: less blur is always one step and never skips one, keys mean little, bytes come through.
import { describe, expect, it } from 'vitest';
import type { Reveal } from '../api/types';
import { bytesOf, hasPreview, lessBlur, minutes, moreBlur, STEPS, wishOf, withReveal } from './reveal';

const reveal = (blur: string, number: number) => ({ blur, reveal: number }) as unknown as Reveal;
const press = (key: string, held: object = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...held });

describe('the steps of a reveal', () => {
  it('begin strongly blurred and end sharp', () => {
    expect(STEPS[0]).toBe('strong');
    expect(lessBlur('strong')).toBe('light');
    expect(lessBlur('light')).toBe('none');
    expect(lessBlur('none')).toBeNull();
    expect(moreBlur('none')).toBe('light');
    expect(moreBlur('strong')).toBeNull();
  });
  it('keep what was seen, so that going back asks nobody', () => {
    const first = withReveal(null, reveal('strong', 1));
    const second = withReveal(first, reveal('light', 2));
    expect(second.blur).toBe('light');
    expect(second.seen.strong?.reveal).toBe(1);
    expect(second.seen.none).toBeUndefined();
  });
});

describe('wishOf', () => {
  it('knows plus and minus and nothing else', () => {
    expect(wishOf(press('+'))).toBe('less');
    expect(wishOf(press('='))).toBe('less');
    expect(wishOf(press('-'))).toBe('more');
    for (const key of ['Enter', ' ', 'Escape', 'j', 'ArrowRight']) expect(wishOf(press(key))).toBeNull();
  });
  it('leaves the zoom of the browser alone', () => {
    expect(wishOf(press('+', { ctrlKey: true }))).toBeNull();
    expect(wishOf(press('-', { metaKey: true }))).toBeNull();
  });
});

describe('what can be shown', () => {
  it('is what the decoder reads', () => {
    expect(hasPreview('image/jpeg')).toBe(true);
    for (const type of ['image/heic', 'image/svg+xml', 'video/mp4', 'application/pdf', ''])
      expect(hasPreview(type)).toBe(false);
  });
  it('comes byte by byte', () => {
    expect([...bytesOf('iVBOR/8A')]).toEqual([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
  });
  it('is timed in whole minutes', () => {
    expect(minutes(59)).toBe(0);
    expect(minutes(121)).toBe(2);
  });
});
