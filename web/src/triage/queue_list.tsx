import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { moveActive, rowMove } from '../shared/keyboard';
import { useSession } from '../shared/session_context';
import { useShortcutRegistry } from '../shared/shortcuts';
import { useHold } from '../shared/use_hold';
import { useWords } from '../words/words';
import { QueueEnd } from './queue_end';
import { QUEUE_COLUMNS, QueueRow } from './queue_row';
import type { KeptQueue } from './queue_stores';
import type { QueueSnapshot } from './queue_store';

const ROW_PX = 64;
const CARD_PX = 152;
const LOAD_AHEAD_ROWS = 30;
const NARROW = '(max-width: 56em)';

interface QueueListProps {
  kept: KeptQueue;
  snapshot: QueueSnapshot;
  linked: boolean;
  onOpen: (id: number) => void;
  onClaim: ((id: number) => void) | null;
}

function useRowPx(): number {
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches, { getInitialValueInEffect: false });
  return narrow ? CARD_PX : ROW_PX;
}

export function QueueList({ kept, snapshot, linked, onOpen, onClaim }: QueueListProps) {
  const { t } = useWords();
  const { account } = useSession();
  const { lettersOn } = useShortcutRegistry();
  const { rows } = snapshot;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useRowPx();
  const [activeId, setActiveId] = useState(kept.activeId);
  const found = activeId === null ? -1 : rows.findIndex((row) => row.report_id === activeId);
  const active = Math.max(0, found);
  const hold = useHold(kept.store, scroller, ROW_PX / 2);
  const focusWanted = useRef(false);

  const withActive = useCallback(
    (range: Range) => [...new Set([...defaultRangeExtractor(range), active])].sort((one, other) => one - other),
    [active],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 10,
    initialOffset: kept.scrollTop,
    rangeExtractor: withActive,
    getItemKey: (index) => rows[index]?.report_id ?? index,
  });
  useEffect(() => virtual.measure(), [virtual, rowPx]);

  const lastShown = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - LOAD_AHEAD_ROWS && snapshot.more === 'more' && snapshot.failure === null)
      void kept.store.loadMore();
  }, [lastShown, rows.length, snapshot.more, snapshot.failure, kept]);
  useEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    scroller.current?.querySelector<HTMLElement>('[data-active-row]')?.focus({ preventScroll: true });
  }, [activeId]);

  const activate = (index: number, focus: boolean) => {
    const row = rows[index];
    if (row === undefined) return;
    kept.activeId = row.report_id;
    focusWanted.current = focus;
    setActiveId(row.report_id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLButtonElement) return;
    const row = rows[active];
    const opens = event.key === 'Enter' || (event.key === 'o' && lettersOn);
    const move = rowMove(event.key, lettersOn);
    if (!opens && move === null) return;
    event.preventDefault();
    if (move === null) {
      if (row !== undefined) onOpen(row.report_id);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 1);
    const next = moveActive(active, move, rows.length, pageRows);
    virtual.scrollToIndex(next, { align: 'auto' });
    activate(next, true);
  };

  return (
    <div className="list-frame">
      <div
        className="queue-list"
        ref={scroller}
        role="grid"
        aria-label={t('queue.title')}
        aria-rowcount={snapshot.more === 'end' ? rows.length + 1 : -1}
        onKeyDown={onKeyDown}
        onPointerMove={() => hold.pointer(true)}
        onPointerLeave={() => hold.pointer(false)}
        onScroll={(event) => {
          kept.scrollTop = event.currentTarget.scrollTop;
          hold.update();
        }}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) hold.focus(-1);
        }}
      >
        <div className="queue-row queue-head" role="row" aria-rowindex={1}>
          {QUEUE_COLUMNS.map((column) => (
            <span key={column} role="columnheader" className={`queue-cell-${column}`}>
              {t(`queue.column.${column}`)}
            </span>
          ))}
        </div>
        <div className="queue-rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <QueueRow
                key={row.report_id}
                row={row}
                index={item.index}
                top={item.start}
                active={item.index === active}
                chosen={item.index === found}
                fresh={snapshot.fresh.has(row.report_id)}
                stale={snapshot.stale.has(row.report_id)}
                linked={linked}
                mine={row.claimed_by === account}
                onOpen={onOpen}
                onClaim={onClaim}
                onFocus={() => {
                  hold.focus(item.index);
                  if (found !== item.index) activate(item.index, false);
                }}
              />
            );
          })}
        </div>
        <QueueEnd snapshot={snapshot} onMore={() => void kept.store.loadMore()} />
      </div>
    </div>
  );
}
