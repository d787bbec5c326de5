import { useSearchParams } from 'react-router';
import { Page } from '../shared/ui';
import { useWords } from '../words/words';
import { GateFlagsPanel } from './gate_flags_panel';
import { GateReportPanel } from './gate_report_panel';
import { GateTablesPanel } from './gate_tables_panel';

// Who may open reported files: the tables that decide, what a newer one would change, and the files of a report.
export function GatePage() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const number = Number(search.get('report') ?? '');
  const report = Number.isSafeInteger(number) && number > 0 ? number : null;
  const choose = (one: number) => {
    setSearch({ report: String(one) }, { replace: true });
  };
  return (
    <Page title={t('gate.title')} lead={t('gate.about')} wide>
      <GateReportPanel report={report} onReport={choose} />
      <GateFlagsPanel onReport={choose} />
      <GateTablesPanel />
    </Page>
  );
}
