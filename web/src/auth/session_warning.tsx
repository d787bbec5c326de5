import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { Dialog } from '../shared/dialog';
import { countdown } from '../shared/format';
import { useSession } from '../shared/session_context';
import { useWords } from '../words/words';
import { IDLE_SECONDS_DEFAULT, idlePhase, type IdlePhase } from './idle';
import { useSignOut } from './use_sign_out';

const ACTIVITY = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const STORAGE_KEY = 'porchlight-last-active'; // Shared by all open tabs.
const STORE_GAP_MS = 5000;

function idleSecondsOf(session: object): number {
  const stated = 'idle_seconds' in session ? session.idle_seconds : undefined;
  return typeof stated === 'number' && stated > 0 ? stated : IDLE_SECONDS_DEFAULT;
}

// Follows what people do in any tab, and says when the session is about to end or has ended.
function useIdlePhase(idleSeconds: number): [IdlePhase, () => void] {
  const [phase, setPhase] = useState<IdlePhase>({ kind: 'active' });
  const lastActive = useRef(Date.now());
  const warned = useRef(false);
  const stay = () => {
    lastActive.current = Date.now();
    localStorage.setItem(STORAGE_KEY, String(lastActive.current));
    warned.current = false;
    setPhase({ kind: 'active' });
  };
  useEffect(() => {
    localStorage.setItem(STORAGE_KEY, String(lastActive.current));
    let storedAt = lastActive.current;
    const touched = () => {
      if (warned.current) return; // Once warned, only an answer to the warning counts.
      lastActive.current = Date.now();
      if (lastActive.current - storedAt < STORE_GAP_MS) return;
      storedAt = lastActive.current;
      localStorage.setItem(STORAGE_KEY, String(storedAt));
    };
    const timer = setInterval(() => {
      const elsewhere = Number(localStorage.getItem(STORAGE_KEY) ?? 0);
      const next = idlePhase(Math.max(lastActive.current, elsewhere), Date.now(), idleSeconds);
      warned.current = next.kind !== 'active';
      setPhase((before) => (before.kind === 'active' && next.kind === 'active' ? before : next));
    }, 1000);
    for (const name of ACTIVITY) document.addEventListener(name, touched, { passive: true });
    return () => {
      clearInterval(timer);
      for (const name of ACTIVITY) document.removeEventListener(name, touched);
    };
  }, [idleSeconds]);
  return [phase, stay];
}

export function SessionWarning() {
  const { t } = useWords();
  const session = useSession();
  const signOut = useSignOut();
  const [phase, stay] = useIdlePhase(idleSecondsOf(session));
  const over = phase.kind === 'over';
  useEffect(() => {
    if (over) void signOut();
  }, [over, signOut]);

  // Any request of a signed-in person renews the session on the server.
  const staySignedIn = () => {
    stay();
    void api.GET('/api/v1/session');
  };
  return (
    <Dialog open={phase.kind === 'warning'} onClose={staySignedIn} title={t('session.title')} closable={false}>
      <p>{t('session.text', { time: phase.kind === 'warning' ? countdown(phase.secondsLeft) : '' })}</p>
      <Group mt="md">
        <Button onClick={staySignedIn} data-autofocus>
          {t('session.stay')}
        </Button>
        <Button variant="default" onClick={() => void signOut()}>
          {t('person.sign_out')}
        </Button>
      </Group>
    </Dialog>
  );
}
