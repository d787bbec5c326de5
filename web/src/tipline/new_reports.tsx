import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/words';

const ANNOUNCE_GAP_MS = 10_000;

// Says how many new reports wait, and tells screen readers about arrivals without talking over itself.
export function NewReports({
  waiting,
  more,
  fresh,
  onShow,
}: {
  waiting: number;
  more: boolean;
  fresh: number;
  onShow: () => void;
}) {
  const { t, tn } = useWords();
  const [spoken, setSpoken] = useState('');
  const lastSpoken = useRef(0);
  const news = waiting + fresh;
  useEffect(() => {
    const now = Date.now();
    if (news === 0 || now - lastSpoken.current < ANNOUNCE_GAP_MS) return;
    lastSpoken.current = now;
    setSpoken(tn('list.new', news));
  }, [news, tn]);
  return (
    <div className="new-reports">
      <span className="visually-hidden" aria-live="polite">
        {spoken}
      </span>
      {waiting === 0 && !more ? null : (
        <button type="button" onClick={onShow}>
          {more ? t('list.new_many', { count: waiting }) : tn('list.new', waiting)} <span aria-hidden>↑</span>
        </button>
      )}
    </div>
  );
}
