import type { CodeLists } from '../api/types';

// Which roles fit an account: the centre's own people and machines hold other roles than outsiders. The server refuses
// a role that does not fit; this only keeps the list short.

export function fittingRoles(lists: CodeLists, organisation: number): string[] {
  const wanted = organisation === 0 ? 'false' : 'true';
  return (lists['roles'] ?? [])
    .filter((role) => {
      const outside = role.maps_to?.['outside'];
      return outside === undefined || outside === wanted;
    })
    .map((role) => role.code);
}
