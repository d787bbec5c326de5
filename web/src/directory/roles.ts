import type { Choice, Labels } from '../shared/labels';

// The roles an account can be given: the centre's list when the server sends it, else those this version works with.
const KNOWN_ROLES = [
  'tip_intake_analyst', 'tip_senior_analyst', 'tip_supervisor', 'esp_liaison', 'auditor', 'privacy_officer', 'sysadmin', 'monitoring_agent', 'esp_reporter',
] as const;

export function roleChoices(labels: Labels): Choice[] {
  const sent = labels.choices('roles');
  return sent.length > 0 ? sent : KNOWN_ROLES.map((role) => ({ value: role, label: labels.label('roles', role) }));
}
