import { useCallback, useState } from 'react';
import { useWords, type WordKey } from '../words/words';
import { useLiveEvents } from './live_context';
import type { LiveEvent } from './live_stream';

// Whether something happened to what is shown after it was read. "maybe": the stream was away, and what it would have
// told is not known. Nothing is read again for it: readings are recorded.
export type News = 'none' | 'maybe' | 'some';

// `concerns` must not change from one drawing to the next unless it has to. `gaps`: whether breaks of the stream are told.
export function useNews(concerns: (event: LiveEvent) => boolean, gaps: boolean): [News, () => void] {
  const [news, setNews] = useState<News>('none');
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (concerns(event)) setNews('some');
    },
    [concerns],
  );
  const onGap = useCallback(() => {
    if (gaps) setNews((before) => (before === 'none' ? 'maybe' : before));
  }, [gaps]);
  useLiveEvents(onEvent, onGap);
  return [news, useCallback(() => setNews('none'), [])];
}

interface NewsNoticeProps {
  news: News;
  some: WordKey;
  show: WordKey;
  onShow: () => void;
}

export function NewsNotice({ news, some, show, onShow }: NewsNoticeProps) {
  const { t } = useWords();
  if (news === 'none') return null;
  return (
    <p className="changed" role="status">
      {t(news === 'some' ? some : 'live.maybe_changed')}{' '}
      <button type="button" className="link-button" onClick={onShow}>
        {t(show)}
      </button>
    </p>
  );
}
