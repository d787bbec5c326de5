import { useQueryClient } from '@tanstack/react-query';
import { useAct, type Acting } from '../shared/use_act';

// What changes who may open a file makes all that is shown of it old.
export function useGateAct(onDone: () => void = () => undefined): Acting {
  const queries = useQueryClient();
  return useAct(() => {
    void queries.invalidateQueries({ queryKey: ['gate'] });
    onDone();
  });
}
