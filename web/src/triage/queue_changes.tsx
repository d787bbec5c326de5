import { useEffect, useState } from 'react';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';
import type { QueueSnapshot } from './queue_store';

// Says how much waits to be put in its place. An urgent newcomer is announced at once, wherever the reader is.
export function QueueChanges({ snapshot, onShow }: { snapshot: QueueSnapshot; onShow: () => void }) {
  const { tn } = useWords();
  const { label } = useLabels();
  const { changes, urgentChanges, urgentNews } = snapshot;
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const [first] = urgentNews;
    if (first === undefined) return;
    setSpoken(
      tn('queue.urgent_news', urgentNews.length, {
        id: first.report_id,
        kind: label('incident_types', first.incident_type),
      }),
    );
    // Words and labels are those of the moment of the news; they are not said again in another language.
  }, [urgentNews]);
  return (
    <div className="new-reports">
      <span className="visually-hidden" aria-live="assertive" data-urgent-news>
        {spoken}
      </span>
      {changes === 0 ? null : (
        <button type="button" className={urgentChanges > 0 ? 'has-urgent' : undefined} onClick={onShow}>
          {tn('queue.changes', changes)}
          {urgentChanges > 0 ? `, ${tn('queue.changes_urgent', urgentChanges)}` : ''} <span aria-hidden>↑</span>
        </button>
      )}
    </div>
  );
}
