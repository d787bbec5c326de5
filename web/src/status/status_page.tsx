import { useQuery } from '@tanstack/react-query';
import { api, take } from '../api/client';
import { statusQuery } from '../api/queries';
import { useMay } from '../shared/session_context';
import { FailureNotice, Loaded, Page } from '../shared/ui';
import { useAction } from '../shared/use_action';
import { useWords } from '../words/words';
import { AuditState, DeadLetters, Health, Lanes, Storage } from './status_panels';

export function StatusPage() {
  const { t } = useWords();
  const status = useQuery(statusQuery);
  const mayRevive = useMay('writeJobs');
  const { run, busy, error } = useAction(statusQuery.queryKey);
  const revive = (id: number) =>
    run(() => take(api.POST('/api/v1/jobs/{id}/revive', { params: { path: { id: String(id) } } })));
  return (
    <Page title={t('status.title')} lead={t('status.about')}>
      {error === null ? null : <FailureNotice error={error} />}
      {status.error !== null && status.data !== undefined ? (
        <FailureNotice error={status.error} retry={() => void status.refetch()} />
      ) : null}
      <Loaded query={status}>
        {(data) => (
          <>
            <Health status={data} />
            <div className="status-grid">
              <Lanes lanes={data.lanes} />
              <Storage status={data} />
              <AuditState status={data} />
            </div>
            <DeadLetters
              jobs={data.dead_letters}
              busy={busy}
              onRevive={mayRevive ? (id) => void revive(id) : undefined}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
