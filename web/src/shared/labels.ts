import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { codeListsQuery } from '../api/queries';
import type { CodeLists } from '../api/types';
import { useWords } from '../words/words';
import { humanise } from './format';

export interface Choice {
  value: string;
  label: string;
}

export interface Labels {
  // What people call a code of a list: the centre's label, else our own word for it, else the code made readable.
  label: (list: string, code: string) => string;
  choices: (list: string) => Choice[];
  // What a code is in another scheme, if the profile says so.
  mapped: (list: string, code: string, scheme: string) => string | undefined;
}

// `find` looks up words of our own under "list.code".
export function createLabels(lists: CodeLists, language: string, find: (key: string) => string | undefined): Labels {
  const byList = new Map(
    Object.entries(lists).map(([name, codes]) => [name, new Map(codes.map((one) => [one.code, one.labels]))]),
  );
  const label = (list: string, code: string) => {
    const labels = byList.get(list)?.get(code);
    return labels?.[language] ?? find(`${list}.${code}`) ?? labels?.['en'] ?? humanise(code);
  };
  return {
    label,
    mapped: (list, code, scheme) => (lists[list] ?? []).find((one) => one.code === code)?.maps_to?.[scheme],
    choices: (list) => (lists[list] ?? []).map((one) => ({ value: one.code, label: label(list, one.code) })),
  };
}

export function useLabels(): Labels {
  const { data } = useQuery(codeListsQuery);
  const { language, find } = useWords();
  return useMemo(() => createLabels(data ?? {}, language, find), [data, language, find]);
}
