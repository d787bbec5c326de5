import { useMay } from '../shared/session_context';
import { ReportPage } from '../tipline/report_page';
import { Judgement } from '../triage/judgement';

// One report: what the tipline received, with how triage judged it for those who may see that.
export function ReportRoom() {
  return <ReportPage judgement={useMay('readTip') ? Judgement : null} />;
}
