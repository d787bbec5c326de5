import { useCallback, useEffect, useRef, type RefObject } from 'react';

const POINTER_REST_MS = 4000;

// Rows are held still while the reader is below the top, has a row in focus further down, or moves the pointer over them.
export function useHold(
  store: { hold: (holding: boolean) => void },
  scroller: RefObject<HTMLElement | null>,
  topPx: number,
) {
  const focusedIndex = useRef(-1);
  const pointerAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const update = useCallback(() => {
    const atTop = (scroller.current?.scrollTop ?? 0) < topPx;
    const pointerBusy = Date.now() - pointerAt.current < POINTER_REST_MS;
    store.hold(!atTop || focusedIndex.current > 0 || pointerBusy);
    clearTimeout(timer.current);
    if (pointerBusy) timer.current = setTimeout(update, POINTER_REST_MS);
  }, [store, scroller, topPx]);
  useEffect(() => {
    update();
    return () => {
      clearTimeout(timer.current);
      store.hold(true);
    };
  }, [store, update]);
  return {
    update,
    pointer: (over: boolean) => {
      pointerAt.current = over ? Date.now() : 0;
      update();
    },
    focus: (index: number) => {
      focusedIndex.current = index;
      update();
    },
  };
}
