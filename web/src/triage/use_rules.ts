import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { humanise } from '../shared/format';
import { useWords } from '../words/words';
import { rulesQuery } from './queries';

// What a rule is called in the reader's language; a rule without a word is shown by its code, made readable.
export function useRuleWords(): (rule: string) => string {
  const { language } = useWords();
  const { data } = useQuery(rulesQuery(language));
  return useMemo(() => {
    const words = new Map((data?.rules ?? []).map((one) => [one.rule, one.label]));
    return (rule: string) => words.get(rule) ?? humanise(rule);
  }, [data]);
}
