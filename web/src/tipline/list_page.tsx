import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import type { LiveEvent } from '../shared/live_stream';
import { useLiveEvents } from '../shared/live_context';
import { useShortcuts, type PageShortcut } from '../shared/shortcuts';
import { FailureNotice, Page, Waiting } from '../shared/ui';
import { useMay } from '../shared/session_context';
import { useFilters } from '../shared/use_filters';
import { useWayBack } from '../shared/way_back';
import { useWords } from '../words/words';
import { FilterBar } from './filter_bar';
import { filterCount, filtersFrom, searchFrom, type Filters } from './filters';
import { useListStores } from './list_stores';
import { NewReports } from './new_reports';
import { ReportList } from './report_list';

// However quiet the stream is, the top is asked for this often: a connection can die without saying so.
const CHECK_MS = 30_000;
const FORM = { filtersFrom, searchFrom };

function useLiveList(filters: Filters) {
  const stores = useListStores();
  const kept = useMemo(() => stores.of(filters), [stores, filters]);
  const snapshot = useSyncExternalStore(kept.store.subscribe, kept.store.read);
  const wayBack = useWayBack();
  useEffect(() => {
    const search = searchFrom(filters).toString();
    wayBack.origin = {
      path: `/reports${search === '' ? '' : `?${search}`}`,
      kind: 'reports',
      ids: () => kept.store.read().rows.map((row) => row.id),
      activate: (id) => {
        kept.activeId = id;
      },
    };
  }, [wayBack, kept, filters]);
  useEffect(() => {
    void kept.store.open();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void kept.store.refreshTop();
    }, CHECK_MS);
    return () => clearInterval(timer);
  }, [kept]);
  const onEvent = useCallback((event: LiveEvent) => kept.store.notice(event.subject), [kept]);
  const onGap = useCallback(() => void kept.store.refreshTop(), [kept]);
  useLiveEvents(onEvent, onGap);
  return { kept, snapshot };
}

export function ListPage() {
  const { t } = useWords();
  const navigate = useNavigate();
  const mayRead = useMay('readReport');
  const { filters, address, change } = useFilters<Filters>(FORM);
  const { kept, snapshot } = useLiveList(filters);
  const [filtersOpen, setFiltersOpen] = useState(false);
  const { store } = kept;

  const open = useCallback(
    (id: number) => {
      if (mayRead) void navigate(`/reports/${id}`);
    },
    [navigate, mayRead],
  );
  const shortcuts = useMemo<PageShortcut[]>(
    () => [
      {
        id: 'list-next',
        keys: ['j'],
        word: 'keys.next',
        run: () => document.querySelector<HTMLElement>('[data-active-row]')?.focus(),
      },
      {
        id: 'list-previous',
        keys: ['k'],
        word: 'keys.previous',
        run: () => document.querySelector<HTMLElement>('[data-active-row]')?.focus(),
      },
      { id: 'list-open', keys: ['Enter', 'o'], word: 'keys.open' },
      { id: 'list-new', keys: ['n'], word: 'keys.show_new', run: () => void store.showWaiting() },
      {
        id: 'list-filter',
        keys: ['/', 'f'],
        word: 'keys.filter',
        run: () => {
          setFiltersOpen(true);
          requestAnimationFrame(() => document.querySelector<HTMLElement>('.filters select')?.focus());
        },
      },
    ],
    [store],
  );
  useShortcuts(shortcuts);

  return (
    <Page title={t('list.title')} wide>
      <FilterBar filters={filters} onChange={change} open={filtersOpen} onToggle={setFiltersOpen} />
      {snapshot.status === 'loading' ? <Waiting /> : null}
      {snapshot.failure === null ? null : (
        <FailureNotice
          error={snapshot.failure}
          retry={() => void (snapshot.rows.length === 0 ? store.reload() : store.loadOlder())}
        />
      )}
      <NewReports
        waiting={snapshot.waiting}
        more={snapshot.waitingIsMore}
        fresh={snapshot.fresh.size}
        onShow={() => {
          document.querySelector('.report-list')?.scrollTo({ top: 0 });
          void store.showWaiting();
        }}
      />
      {snapshot.status === 'ready' && snapshot.rows.length === 0 ? (
        <EmptyList filtered={filterCount(filters) > 0} onClear={() => change(() => ({}))} />
      ) : null}
      {snapshot.rows.length > 0 ? (
        <ReportList key={address} kept={kept} snapshot={snapshot} onOpen={open} linked={mayRead} />
      ) : null}
    </Page>
  );
}

function EmptyList({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useWords();
  return (
    <div className="empty">
      <p>{filtered ? t('list.none_filtered') : t('list.none')}</p>
      {filtered ? (
        <button type="button" className="link-button" onClick={onClear}>
          {t('filter.clear')}
        </button>
      ) : null}
    </div>
  );
}
