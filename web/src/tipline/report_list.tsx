import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { moveActive, rowMove } from '../shared/keyboard';
import { useShortcutRegistry } from '../shared/shortcuts';
import { useHold } from '../shared/use_hold';
import { useWords } from '../words/words';
import type { KeptList } from './list_stores';
import type { ListSnapshot } from './list_store';
import { indexOfId } from './live_merge';
import { ListEnd } from './list_end';
import { ReportListRow, ROW_COLUMNS } from './report_list_row';

const ROW_PX = 46;
const CARD_PX = 92;
const LOAD_AHEAD_ROWS = 30;

interface ReportListProps {
  kept: KeptList;
  snapshot: ListSnapshot;
  linked: boolean;
  onOpen: (id: number) => void;
}

export function ReportList({ kept, snapshot, linked, onOpen }: ReportListProps) {
  const { t } = useWords();
  const { lettersOn } = useShortcutRegistry();
  const { rows } = snapshot;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 56em)', window.matchMedia('(max-width: 56em)').matches, {
    getInitialValueInEffect: false,
  });
  const rowPx = narrow ? CARD_PX : ROW_PX;
  const [activeId, setActiveId] = useState(kept.activeId);
  const found = activeId === null ? -1 : indexOfId(rows, activeId);
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
    overscan: 12,
    initialOffset: kept.scrollTop,
    rangeExtractor: withActive,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [virtual, rowPx]);
  useStillRows(scroller, rows, rowPx, virtual.scrollOffset ?? 0);

  const items = virtual.getVirtualItems();
  const lastShown = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - LOAD_AHEAD_ROWS && snapshot.older === 'more' && snapshot.failure === null)
      void kept.store.loadOlder();
  }, [lastShown, rows.length, snapshot.older, snapshot.failure, kept]);
  useEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    scroller.current?.querySelector<HTMLElement>('[data-active-row]')?.focus({ preventScroll: true });
  }, [activeId]);

  const activate = (index: number, focus: boolean) => {
    const row = rows[index];
    if (row === undefined) return;
    kept.activeId = row.id;
    focusWanted.current = focus;
    setActiveId(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const opens = event.key === 'Enter' || (event.key === 'o' && lettersOn);
    const move = rowMove(event.key, lettersOn);
    if (!opens && move === null) return;
    event.preventDefault();
    if (move === null) {
      const row = rows[active];
      if (row !== undefined) onOpen(row.id);
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
        className="report-list"
        ref={scroller}
        role="grid"
        aria-label={t('list.title')}
        aria-rowcount={snapshot.older === 'end' ? rows.length + 1 : -1}
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
        <div className="report-row report-head" role="row" aria-rowindex={1}>
          {ROW_COLUMNS.map((column) => (
            <span key={column} role="columnheader" className={`cell-${column}`}>
              {t(`column.${column}`)}
            </span>
          ))}
        </div>
        <div className="report-rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <ReportListRow
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                active={item.index === active}
                chosen={item.index === found}
                fresh={snapshot.fresh.has(row.id)}
                linked={linked}
                onOpen={onOpen}
                onFocus={() => {
                  hold.focus(item.index);
                  if (found !== item.index) activate(item.index, false);
                }}
              />
            );
          })}
        </div>
        <ListEnd snapshot={snapshot} onMore={() => void kept.store.loadOlder()} />
      </div>
    </div>
  );
}

// When rows are put on top while the reader is further down, the view moves with them, so that nothing seems to move.
function useStillRows(
  scroller: RefObject<HTMLDivElement | null>,
  rows: ListSnapshot['rows'],
  rowPx: number,
  offset: number,
) {
  const before = useRef({ rows, firstId: rows[0]?.id ?? 0 });
  useEffect(() => {
    const { firstId } = before.current;
    before.current = { rows, firstId: rows[0]?.id ?? 0 };
    const added = firstId === 0 ? 0 : indexOfId(rows, firstId);
    const element = scroller.current;
    if (element !== null && added > 0 && offset >= rowPx / 2) element.scrollTop += added * rowPx;
  });
}
