import { useCallback, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { asFailure } from '../api/failure';
import { shortTime } from '../shared/format';
import { useMay } from '../shared/session_context';
import { useShortcuts, type PageShortcut } from '../shared/shortcuts';
import { useFilters } from '../shared/use_filters';
import { failureText, FailureNotice, Page, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { acts } from './acts';
import { conflictWord } from './conflicts';
import { CountsStrip } from './counts_strip';
import { QueueFilterBar } from './filter_bar';
import { filterCount, filtersFrom, searchFrom, type QueueFilters } from './filters';
import { QueueChanges } from './queue_changes';
import { QueueList } from './queue_list';
import type { KeptQueue } from './queue_stores';
import { SincePanel } from './since_panel';
import { useQueue } from './use_queue';
import { ViewsBar } from './views_bar';

interface Said {
  text: string;
  bad: boolean;
}

// Claiming from the queue: the row says so where it stands, and the page says how long.
function useClaim(kept: KeptQueue, after: () => void) {
  const { t, language } = useWords();
  const [said, setSaid] = useState<Said | null>(null);
  const claim = useCallback(
    async (id: number) => {
      setSaid(null);
      try {
        const row = await acts.claim(id);
        kept.store.replace(row);
        setSaid({
          text: t('queue.claimed_now', { id, time: shortTime(row.claimed_until ?? '', language) }),
          bad: false,
        });
      } catch (error) {
        const failure = asFailure(error);
        const word = conflictWord(failure, 'claim');
        const why = word === null ? failureText(failure, t) : t(word);
        setSaid({ text: `${t('queue.not_claimed', { id })} ${why}`, bad: true });
        void kept.store.refresh();
      }
      after();
    },
    [kept, after, t, language],
  );
  return { said, claim, forget: useCallback(() => setSaid(null), []) };
}

const FORM = { filtersFrom, searchFrom };
const focusActive = () => document.querySelector<HTMLElement>('[data-active-row]')?.focus();

export function QueuePage() {
  const { t } = useWords();
  const navigate = useNavigate();
  const mayRead = useMay('readReport');
  const mayWork = useMay('workTip');
  const { filters, address, change } = useFilters<QueueFilters>(FORM);
  const { kept, snapshot, countAgain } = useQueue(filters);
  const { said, claim, forget } = useClaim(kept, countAgain);
  const [filtersOpen, setFiltersOpen] = useState(false);
  const { store } = kept;

  const open = useCallback(
    (id: number) => {
      if (mayRead) void navigate(`/reports/${id}`);
    },
    [navigate, mayRead],
  );
  const show = useCallback(() => {
    document.querySelector('.queue-list')?.scrollTo({ top: 0 });
    void store.show();
  }, [store]);
  const shortcuts = useMemo<PageShortcut[]>(() => {
    const claimActive = () => {
      const id = kept.activeId ?? store.read().rows[0]?.report_id;
      if (id !== undefined) void claim(id);
    };
    return [
      { id: 'queue-next', keys: ['j'], word: 'keys.next', run: focusActive },
      { id: 'queue-previous', keys: ['k'], word: 'keys.previous', run: focusActive },
      { id: 'queue-open', keys: ['Enter', 'o'], word: 'keys.open' },
      ...(mayWork
        ? [{ id: 'queue-claim', keys: ['c'], word: 'keys.queue_claim', run: claimActive } satisfies PageShortcut]
        : []),
      { id: 'queue-changes', keys: ['n'], word: 'keys.queue_changes', run: show },
      {
        id: 'queue-filter',
        keys: ['/', 'f'],
        word: 'keys.filter',
        run: () => {
          setFiltersOpen(true);
          requestAnimationFrame(() => document.querySelector<HTMLElement>('.filters select')?.focus());
        },
      },
    ];
  }, [store, kept, claim, mayWork, show]);
  useShortcuts(shortcuts);

  return (
    <Page title={t('queue.title')} wide>
      <CountsStrip />
      <SincePanel />
      <ViewsBar filters={filters} onChange={change} />
      <QueueFilterBar filters={filters} onChange={change} open={filtersOpen} onToggle={setFiltersOpen} />
      {snapshot.status === 'loading' ? <Waiting /> : null}
      {snapshot.failure === null ? null : <FailureNotice error={snapshot.failure} retry={() => void store.refresh()} />}
      <QueueChanges snapshot={snapshot} onShow={show} />
      {snapshot.status === 'ready' && snapshot.rows.length === 0 ? (
        <EmptyQueue filtered={filterCount(filters) > 0} onClear={() => change(() => ({}))} />
      ) : null}
      {snapshot.rows.length > 0 ? (
        <QueueList
          key={address}
          kept={kept}
          snapshot={snapshot}
          linked={mayRead}
          onOpen={open}
          onClaim={mayWork ? claim : null}
        />
      ) : null}
      <Outcome said={said} onClose={forget} />
    </Page>
  );
}

// Over the page: nothing moves for it, and it stays until it is read.
function Outcome({ said, onClose }: { said: Said | null; onClose: () => void }) {
  const { t } = useWords();
  return (
    <div className="queue-said" role="status">
      {said === null ? null : (
        <div className={said.bad ? 'queue-said-bad' : undefined}>
          {said.text}
          <button type="button" onClick={onClose}>
            {t('action.close')}
          </button>
        </div>
      )}
    </div>
  );
}

function EmptyQueue({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useWords();
  return (
    <div className="empty">
      <p>{filtered ? t('queue.none_filtered') : t('queue.none')}</p>
      {filtered ? (
        <button type="button" className="link-button" onClick={onClear}>
          {t('filter.clear')}
        </button>
      ) : null}
    </div>
  );
}
