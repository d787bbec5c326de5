import type { Session } from '../api/types';
import { may, type Ability } from '../shared/permissions';
import type { WordKey } from '../words/words';

export interface Room {
  path: string;
  word: WordKey;
  needs: Ability;
  keys: string;
}

// In the order of the menu; the first one a person may enter is where they start.
export const ROOMS: readonly Room[] = [
  { path: '/queue', word: 'nav.queue', needs: 'seeQueue', keys: 'g q' },
  { path: '/agency', word: 'nav.agency', needs: 'readDeliveries', keys: 'g d' },
  { path: '/interests', word: 'nav.interests', needs: 'readInterests', keys: 'g i' },
  { path: '/reports', word: 'nav.reports', needs: 'listReports', keys: 'g r' },
  { path: '/counts', word: 'nav.counts', needs: 'readCounts', keys: 'g c' },
  { path: '/supervision', word: 'nav.supervision', needs: 'superviseTips', keys: 'g v' },
  { path: '/deconfliction', word: 'nav.deconfliction', needs: 'resolveMeetings', keys: 'g p' },
  { path: '/scorecards', word: 'nav.scorecards', needs: 'readScorecards', keys: 'g k' },
  { path: '/gate', word: 'nav.gate', needs: 'writeAuthorities', keys: 'g f' },
  { path: '/exposure', word: 'nav.exposure', needs: 'readExposure', keys: 'g e' },
  { path: '/organisations', word: 'nav.organisations', needs: 'readOrganisations', keys: 'g o' },
  { path: '/accounts', word: 'nav.accounts', needs: 'readAccounts', keys: 'g a' },
  { path: '/tokens', word: 'nav.tokens', needs: 'readAccounts', keys: 'g t' },
  { path: '/status', word: 'nav.status', needs: 'readStatus', keys: 'g s' },
  { path: '/audit', word: 'nav.audit', needs: 'readAudit', keys: 'g l' },
];

export function roomsOf(session: Session): Room[] {
  return ROOMS.filter((room) => may(session, room.needs));
}
