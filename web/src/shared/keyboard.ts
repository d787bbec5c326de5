// The keyboard model: which key means what, as data, without a browser. Sequences have at most two keys ("g r").

export interface KeyPress {
  key: string;
  ctrl: boolean;
  alt: boolean;
  meta: boolean;
  // The focus is where people type; only named keys with their own meaning there are left to the browser.
  typing: boolean;
}

export interface Shortcut {
  id: string;
  keys: readonly string[];
}

export interface KeyMachine {
  // The id of the shortcut that this press completes, or null.
  press(press: KeyPress, shortcuts: readonly Shortcut[], at: number): string | null;
}

const SEQUENCE_MS_MAX = 1200;

export function createKeyMachine(): KeyMachine {
  let first = '';
  let firstAt = 0;
  return {
    press(press, shortcuts, at) {
      if (press.ctrl || press.alt || press.meta || press.typing) {
        first = '';
        return null;
      }
      const sequence = first !== '' && at - firstAt <= SEQUENCE_MS_MAX ? `${first} ${press.key}` : '';
      first = '';
      for (const wanted of [sequence, press.key]) {
        if (wanted === '') continue;
        const found = shortcuts.find((shortcut) => shortcut.keys.includes(wanted));
        if (found !== undefined) return found.id;
      }
      if (shortcuts.some((shortcut) => shortcut.keys.some((keys) => keys.startsWith(`${press.key} `)))) {
        first = press.key;
        firstAt = at;
      }
      return null;
    },
  };
}

// Where the active row goes. -1 means that no row is active yet.
export type Move = 'next' | 'previous' | 'first' | 'last' | 'page-down' | 'page-up';

export function moveActive(active: number, move: Move, rowCount: number, pageRows: number): number {
  if (rowCount === 0) return -1;
  const last = rowCount - 1;
  const clamp = (index: number) => Math.min(last, Math.max(0, index));
  switch (move) {
    case 'next':
      return clamp(active + 1);
    case 'previous':
      return clamp(active - 1);
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'page-down':
      return clamp(Math.max(active, 0) + pageRows);
    case 'page-up':
      return clamp(active - pageRows);
  }
}

const ROW_KEYS: Readonly<Record<string, Move>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  PageDown: 'page-down',
  PageUp: 'page-up',
};

// Letters obey the reader's choice to switch single-key shortcuts off; arrows always work.
export function rowMove(key: string, lettersOn: boolean): Move | null {
  if (!lettersOn && key.length === 1) return null;
  return ROW_KEYS[key] ?? null;
}
