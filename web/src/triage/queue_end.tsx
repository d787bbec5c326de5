import { Button } from '@mantine/core';
import { useWords } from '../words/words';
import type { QueueSnapshot } from './queue_store';

// What comes below the last row: more on its way, an unfinished search to continue, or the end.
export function QueueEnd({ snapshot, onMore }: { snapshot: QueueSnapshot; onMore: () => void }) {
  const { t, tn } = useWords();
  const text = () => {
    if (snapshot.loadingMore)
      return (
        <span className="quiet" role="status">
          {t('queue.loading_more')}
        </span>
      );
    if (snapshot.more === 'end') return <span className="quiet">{tn('queue.end', snapshot.rows.length)}</span>;
    return (
      <>
        {snapshot.more === 'unsearched' ? <span className="quiet">{t('queue.stopped')}</span> : null}
        <Button size="xs" variant="default" onClick={onMore}>
          {t('queue.search_on')}
        </Button>
      </>
    );
  };
  return (
    <div className="list-end" role="row">
      <div role="gridcell">{text()}</div>
    </div>
  );
}
