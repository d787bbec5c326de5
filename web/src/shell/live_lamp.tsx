import { useMay } from '../shared/session_context';
import { useLiveState } from '../shared/live_context';
import { useWords } from '../words/words';

// Whether what is on the screen follows events. Words beside the dot: colour is not the only sign.
export function LiveLamp() {
  const { t } = useWords();
  const state = useLiveState();
  const mayWatch = useMay('watchLive');
  if (!mayWatch) return null;
  return (
    <p className={`lamp lamp-${state}`} role="status" title={t(`live.${state}.about`)}>
      {t(`live.${state}`)}
    </p>
  );
}
