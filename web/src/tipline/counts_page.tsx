import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { countsQuery } from '../api/queries';
import type { CountRow } from '../api/types';
import { BarChart } from '../shared/bar_chart';
import { count } from '../shared/format';
import { useLabels } from '../shared/labels';
import { useMay } from '../shared/session_context';
import { Loaded, Page, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { searchFrom, filtersFrom } from './filters';

// Each bar leads to the reports it counts.
function useBars() {
  const { label } = useLabels();
  const mayList = useMay('listReports');
  return (rows: readonly CountRow[], filter: string, list: string) =>
    [...rows]
      .sort((one, other) => other.count - one.count)
      .map((row) => ({
        key: row.name,
        label: label(list, row.name),
        value: row.count,
        to: mayList
          ? `/reports?${searchFrom(filtersFrom(new URLSearchParams({ [filter]: row.name }))).toString()}`
          : undefined,
      }));
}

export function CountsPage() {
  const { t, language } = useWords();
  const counts = useQuery({ ...countsQuery, refetchInterval: 15_000 });
  const bars = useBars();
  return (
    <Page title={t('counts.title')} lead={t('counts.about')}>
      <Loaded query={counts}>
        {(data) => (
          <>
            <div className="figures">
              <p>
                <strong>{count(data.total, language)}</strong>
                <span>{t('counts.total')}</span>
              </p>
              <p>
                <strong>{count(data.today, language)}</strong>
                <span>{t('counts.today')}</span>
              </p>
            </div>
            <div className="chart-grid">
              <Panel title={t('counts.by_type')}>
                <BarChart bars={bars(data.by_incident_type, 'incident_type', 'incident_types')} link={Link} />
              </Panel>
              <Panel title={t('counts.by_state')}>
                <BarChart bars={bars(data.by_state, 'state', 'report_states')} link={Link} />
              </Panel>
              <Panel title={t('counts.by_source')}>
                <BarChart bars={bars(data.by_source, 'source', 'report_sources')} link={Link} />
              </Panel>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
