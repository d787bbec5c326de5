import type { ReportState } from '../api/types';
import { useLabels } from '../shared/labels';
import { Chip, type Tone } from '../shared/ui';

const TONES: Readonly<Record<ReportState, Tone>> = {
  opened: 'busy',
  files_pending: 'busy',
  finished: 'good',
  validated: 'good',
  triaged: 'calm',
  in_review: 'calm',
  made_available: 'good',
  feedback_received: 'good',
  closed: 'plain',
  retracted: 'plain',
  expired_unfinished: 'warn',
  refused: 'bad',
  held_legal: 'warn',
  paused_deconfliction: 'warn',
};

export function StateChip({ state }: { state: ReportState }) {
  const { label } = useLabels();
  return <Chip tone={TONES[state]}>{label('report_states', state)}</Chip>;
}
