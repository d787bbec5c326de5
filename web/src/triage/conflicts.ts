import type { Failure } from '../api/failure';
import type { WordKey } from '../words/words';

// What stood in the way of an act, in words of ours: the server says which part was over, not what to do about it.

export type Act =
  | 'claim'
  | 'release'
  | 'take_back'
  | 'reopen'
  | 'signal'
  | 'type'
  | 'pull'
  | 'put_back'
  | 'close'
  | 'hold'
  | 'lift_hold';

export function conflictWord(failure: Failure, act: Act): WordKey | null {
  if (failure.status !== 409) return null;
  switch (failure.field) {
    case 'claim':
      if (act === 'claim') return 'conflict.claimed';
      return act === 'take_back' ? 'conflict.nobody' : 'conflict.lost';
    case 'state':
      if (act === 'claim') return 'conflict.not_waiting';
      if (act === 'hold') return 'conflict.held';
      return act === 'reopen' ? 'conflict.not_closed' : 'conflict.moved_on';
    case 'bundle':
      return act === 'pull' ? 'conflict.no_bundle' : 'conflict.not_pulled';
    default:
      return 'conflict.moved_on';
  }
}
