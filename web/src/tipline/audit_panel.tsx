import { useQuery } from '@tanstack/react-query';
import { reportAuditQuery } from '../api/queries';
import { Failure } from '../api/failure';
import { AuditList } from '../audit/audit_list';
import { Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';

// Who did what with this report. People who may not see that do not see the panel.
export function AuditPanel({ id, revision }: { id: number; revision: number }) {
  const { t } = useWords();
  const trail = useQuery(reportAuditQuery(id, revision));
  if (trail.error instanceof Failure && (trail.error.status === 403 || trail.error.status === 404)) return null;
  return (
    <Panel title={t('trail.title')} note={t('trail.about')}>
      <Loaded query={trail}>{(items) => <AuditList entries={items} subjects={false} />}</Loaded>
    </Panel>
  );
}
