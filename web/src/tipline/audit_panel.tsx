import { useQuery } from '@tanstack/react-query';
import { reportAuditQuery } from '../api/queries';
import { Failure } from '../api/failure';
import { AuditList } from '../audit/audit_list';
import { Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';

// Who did what with this report. People who may not see that do not see the panel.
// `reading` changes with each reading of the report, which adds an entry.
export function AuditPanel({ id, reading }: { id: number; reading: string }) {
  const { t } = useWords();
  const trail = useQuery(reportAuditQuery(id, reading));
  if (trail.error instanceof Failure && (trail.error.status === 403 || trail.error.status === 404)) return null;
  return (
    <Panel title={t('trail.title')} note={t('trail.about')}>
      <Loaded query={trail}>{(items) => <AuditList entries={items} subjects={false} />}</Loaded>
    </Panel>
  );
}
