// Goal: every key does exactly one thing, and nothing while somebody types. Method: press keys into the pure machine.
import { describe, expect, it } from 'vitest';
import { createKeyMachine, moveActive, rowMove, type KeyPress, type Shortcut } from './keyboard';

const SHORTCUTS: Shortcut[] = [
  { id: 'help', keys: ['?'] },
  { id: 'go-reports', keys: ['g r'] },
  { id: 'refresh', keys: ['r'] },
];

function key(name: string, changes: Partial<KeyPress> = {}): KeyPress {
  return { key: name, ctrl: false, alt: false, meta: false, typing: false, ...changes };
}

describe('createKeyMachine', () => {
  it('answers single keys', () => {
    expect(createKeyMachine().press(key('?'), SHORTCUTS, 0)).toBe('help');
    expect(createKeyMachine().press(key('x'), SHORTCUTS, 0)).toBeNull();
  });
  it('answers a sequence within its time, and the single key after it', () => {
    const machine = createKeyMachine();
    expect(machine.press(key('g'), SHORTCUTS, 0)).toBeNull();
    expect(machine.press(key('r'), SHORTCUTS, 1200)).toBe('go-reports');
    expect(machine.press(key('g'), SHORTCUTS, 2000)).toBeNull();
    expect(machine.press(key('r'), SHORTCUTS, 3201)).toBe('refresh');
  });
  it('is silent while typing and with modifiers, and forgets a sequence then', () => {
    const machine = createKeyMachine();
    expect(machine.press(key('?', { typing: true }), SHORTCUTS, 0)).toBeNull();
    expect(machine.press(key('r', { ctrl: true }), SHORTCUTS, 0)).toBeNull();
    machine.press(key('g'), SHORTCUTS, 0);
    machine.press(key('a', { typing: true }), SHORTCUTS, 1);
    expect(machine.press(key('r'), SHORTCUTS, 2)).toBe('refresh');
  });
});

describe('moveActive', () => {
  it('starts at the first row and stays inside the list', () => {
    expect(moveActive(-1, 'next', 3, 10)).toBe(0);
    expect(moveActive(2, 'next', 3, 10)).toBe(2);
    expect(moveActive(0, 'previous', 3, 10)).toBe(0);
    expect(moveActive(1, 'last', 3, 10)).toBe(2);
    expect(moveActive(1, 'first', 3, 10)).toBe(0);
    expect(moveActive(5, 'page-down', 100, 10)).toBe(15);
    expect(moveActive(5, 'page-up', 100, 10)).toBe(0);
  });
  it('has nowhere to go in an empty list', () => {
    expect(moveActive(-1, 'next', 0, 10)).toBe(-1);
  });
});

describe('rowMove', () => {
  it('keeps arrows when letters are switched off', () => {
    expect(rowMove('j', true)).toBe('next');
    expect(rowMove('j', false)).toBeNull();
    expect(rowMove('ArrowDown', false)).toBe('next');
    expect(rowMove('x', true)).toBeNull();
  });
});
