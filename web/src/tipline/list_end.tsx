import { Button } from '@mantine/core';
import { dateOnly } from '../shared/format';
import { useWords } from '../words/words';
import type { ListSnapshot } from './list_store';

// What comes below the last row: more on its way, an unfinished search to continue, or the end.
export function ListEnd({ snapshot, onMore }: { snapshot: ListSnapshot; onMore: () => void }) {
  const { t, tn, language } = useWords();
  const text = () => {
    if (snapshot.loadingOlder)
      return (
        <span className="quiet" role="status">
          {t('list.loading_older')}
        </span>
      );
    if (snapshot.older === 'end') return <span className="quiet">{tn('list.end', snapshot.rows.length)}</span>;
    const since = snapshot.searchedBackTo === null ? '' : dateOnly(snapshot.searchedBackTo, language);
    return (
      <>
        {snapshot.older === 'unsearched' ? (
          <span className="quiet">{t('list.searched_back', { date: since })}</span>
        ) : null}
        <Button size="xs" variant="default" onClick={onMore}>
          {t('list.search_older')}
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
