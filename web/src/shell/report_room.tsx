import { ReportInterests } from '../deconfliction/report_interests';
import { FileGate } from '../evidence/file_gate';
import { FileLooks } from '../hashing/file_looks';
import { RoutingPanel } from '../referrals/routing_panel';
import type { FileView, TipRow } from '../api/types';
import { useMay } from '../shared/session_context';
import { ReportPage } from '../tipline/report_page';
import { Judgement } from '../triage/judgement';

// Who else works on somebody in the report stands before where it goes.
function Routing(report: { tip: TipRow; reading: number; onReferred: () => void }) {
  return (
    <>
      {useMay('readMeetings') ? <ReportInterests tip={report.tip} reading={report.reading} /> : null}
      <RoutingPanel {...report} />
    </>
  );
}

function Judged(report: { id: number; reading: number; onActed: (row: TipRow) => void }) {
  return <Judgement {...report} routing={useMay('readRouting') ? Routing : null} />;
}

// What other rooms know of one file.
function FileParts(file: { report: number; file: FileView; number: number }) {
  return (
    <>
      <FileGate {...file} />
      <FileLooks {...file} />
    </>
  );
}

// One report: what the tipline received, with how triage judged it, where it goes and who may open its files and what these look
// like, for those who may see that.
export function ReportRoom() {
  return <ReportPage judgement={useMay('readTip') ? Judged : null} gate={useMay('readGate') ? FileParts : null} />;
}
