import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, take } from '../api/client';
import { FailureNotice, Page, Panel, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { AuditList } from './audit_list';

export function AuditPage() {
  const { t } = useWords();
  const log = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/audit', {
          params: { query: pageParam === null ? {} : { before: pageParam } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before ?? undefined,
  });
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t('audit.title')}
      lead={t('audit.about')}
      actions={
        <Button variant="default" onClick={() => void log.refetch()}>
          {t('action.refresh')}
        </Button>
      }
    >
      {log.error === null ? null : <FailureNotice error={log.error} retry={() => void log.refetch()} />}
      {log.isPending ? (
        <Waiting />
      ) : (
        <Panel title={t('audit.entries')}>
          <AuditList entries={entries} subjects />
          {log.hasNextPage ? (
            <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              {t('audit.older')}
            </Button>
          ) : (
            <p className="quiet">{t('audit.end')}</p>
          )}
        </Panel>
      )}
    </Page>
  );
}
