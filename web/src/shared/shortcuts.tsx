import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { WordKey } from '../words/words';
import { createKeyMachine, type KeyPress } from './keyboard';

// Shortcuts are registered by whoever is on the screen; the help overlay lists exactly these.

export interface PageShortcut {
  id: string;
  keys: readonly string[];
  word: WordKey;
  run?: () => void; // Absent: handled where the focus is; listed here so that the help shows it.
}

interface Registry {
  lettersOn: boolean;
  setLettersOn: (on: boolean) => void;
  all: () => readonly PageShortcut[];
  register: (shortcuts: readonly PageShortcut[]) => () => void;
}

const STORAGE_KEY = 'porchlight-single-keys';
const ShortcutContext = createContext<Registry | null>(null);

export function pressOf(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing =
    target !== null && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
  return { key: event.key, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey, typing };
}

export function ShortcutProvider({ children }: { children: ReactNode }) {
  const groups = useRef(new Set<readonly PageShortcut[]>());
  const [lettersOn, setLetters] = useState(() => localStorage.getItem(STORAGE_KEY) !== 'off');
  const setLettersOn = useCallback((on: boolean) => {
    localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off');
    setLetters(on);
  }, []);
  const registry = useMemo<Registry>(
    () => ({
      lettersOn,
      setLettersOn,
      all: () => [...groups.current].flat(),
      register: (shortcuts) => {
        groups.current.add(shortcuts);
        return () => groups.current.delete(shortcuts);
      },
    }),
    [lettersOn, setLettersOn],
  );

  // Asked before anybody handles the key: the Escape that closes a dialog is not also the one that leaves the page.
  const inDialog = useRef(false);
  useEffect(() => {
    const look = () => {
      inDialog.current = document.querySelector('[role="dialog"]') !== null;
    };
    window.addEventListener('keydown', look, { capture: true });
    return () => window.removeEventListener('keydown', look, { capture: true });
  }, []);

  useEffect(() => {
    if (!lettersOn) return undefined;
    const machine = createKeyMachine();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inDialog.current) return;
      const all = [...groups.current].flat().filter((one) => one.run !== undefined);
      const id = machine.press(pressOf(event), all, event.timeStamp);
      if (id === null) return;
      event.preventDefault();
      all.find((one) => one.id === id)?.run?.();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [lettersOn]);
  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

export function useShortcutRegistry(): Registry {
  const registry = use(ShortcutContext);
  if (registry === null) throw new Error('no shortcuts here');
  return registry;
}

// The list must be the same object while nothing changes (useMemo).
export function useShortcuts(shortcuts: readonly PageShortcut[]): void {
  const { register } = useShortcutRegistry();
  useEffect(() => register(shortcuts), [register, shortcuts]);
}
