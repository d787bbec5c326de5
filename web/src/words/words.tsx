import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en } from './en';

// Typed look-up of words. English is built in; other languages are loaded when chosen. A key that a language lacks
// does not compile.

export type WordKey = keyof typeof en;
export type Words = Record<WordKey, string>;
type PluralKey = WordKey extends infer K ? (K extends `${infer Base}_other` ? Base : never) : never;
export type Values = Record<string, string | number>;

export interface Speaker {
  language: string;
  t: (key: WordKey, values?: Values) => string;
  // Picks "_one" or "_other" by the language's rule; {count} is filled in, grouped.
  tn: (key: PluralKey, count: number, values?: Values) => string;
  // For keys made of codes: the word if there is one.
  find: (key: string) => string | undefined;
  setLanguage: (language: string) => void;
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

export function createSpeaker(language: string, words: Words, setLanguage: (language: string) => void): Speaker {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const all: Readonly<Record<string, string>> = words;
  return {
    language,
    setLanguage,
    t: (key, values) => fill(words[key], values),
    tn: (key, count, values) => {
      const word = all[`${key}_${rules.select(count)}`] ?? all[`${key}_other`] ?? key;
      return fill(word, { count: numbers.format(count), ...values });
    },
    find: (key) => all[key],
  };
}

const STORAGE_KEY = 'porchlight-language';
const LOADERS: Readonly<Record<string, () => Promise<Words>>> = {
  en: () => Promise.resolve(en),
  es: () => import('./es').then((module) => module.es),
};
export const BUILT_LANGUAGES: Readonly<Record<string, string>> = { en: 'English', es: 'Español' };

const WordsContext = createContext<Speaker>(createSpeaker('en', en, () => undefined));

export function useWords(): Speaker {
  return use(WordsContext);
}

function preferredLanguage(): string {
  const stored = localStorage.getItem(STORAGE_KEY);
  if (stored !== null && stored in LOADERS) return stored;
  return navigator.languages.map((one) => one.split('-')[0] ?? '').find((one) => one in LOADERS) ?? 'en';
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(preferredLanguage);
  const [loaded, setLoaded] = useState<{ language: string; words: Words }>({ language: 'en', words: en });

  useEffect(() => {
    let current = true;
    void LOADERS[language]?.().then((words) => {
      if (!current) return;
      setLoaded({ language, words });
      document.documentElement.lang = language;
    });
    return () => {
      current = false;
    };
  }, [language]);

  const setLanguage = useCallback((wanted: string) => {
    if (!(wanted in LOADERS)) return;
    localStorage.setItem(STORAGE_KEY, wanted);
    choose(wanted);
  }, []);
  const speaker = useMemo(() => createSpeaker(loaded.language, loaded.words, setLanguage), [loaded, setLanguage]);
  return <WordsContext value={speaker}>{children}</WordsContext>;
}
