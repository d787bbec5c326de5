import type { Session } from '../api/types';

// Which permission each part of the console needs. Hiding is a courtesy; the server refuses what is not allowed.
export const NEEDS = {
  seeQueue: 'triage.queue.read',
  readTip: 'triage.tip.read',
  workTip: 'triage.tip.work',
  superviseTips: 'triage.supervise',
  readRouting: 'referrals.routing.read',
  readScorecards: 'relations.scorecard.read',
  referReports: 'referrals.report.refer',
  revokeDeliveries: 'referrals.delivery.revoke',
  readDeliveries: 'referrals.delivery.read',
  actOnDeliveries: 'referrals.delivery.act',
  readInterests: 'deconfliction.interest.read',
  writeInterests: 'deconfliction.interest.write',
  readMeetings: 'deconfliction.meeting.read',
  resolveMeetings: 'deconfliction.meeting.resolve',
  readGate: 'evidence.gate.read',
  writeGate: 'evidence.gate.write',
  writeAuthorities: 'evidence.authority.write',
  openFiles: 'evidence.file.open',
  readExposure: 'evidence.exposure.read',
  listReports: 'tipline.report.list',
  readReport: 'tipline.report.read',
  readOriginal: 'tipline.report.original',
  readCounts: 'tipline.counts.read',
  watchLive: 'live.read',
  readOrganisations: 'directory.organisation.read',
  writeOrganisations: 'directory.organisation.write',
  readAccounts: 'directory.account.read',
  writeAccounts: 'directory.account.write',
  writeTokens: 'directory.token.write',
  readAudit: 'audit.read',
  readStatus: 'operations.status.read',
  writeJobs: 'operations.jobs.write',
} as const;

export type Ability = keyof typeof NEEDS;

export function may(session: Session, ability: Ability): boolean {
  return session.permissions.includes(NEEDS[ability]);
}
