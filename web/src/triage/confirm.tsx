import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../shared/dialog';
import { useWords } from '../words/words';

// Asks once more, and says what will happen.
export function Confirm({
  open,
  title,
  text,
  yes,
  danger = false,
  busy,
  ready = true,
  children,
  onYes,
  onClose,
}: {
  open: boolean;
  title: string;
  text?: string;
  yes: string;
  danger?: boolean;
  busy: boolean;
  ready?: boolean; // Whether all is said that must be.
  children?: ReactNode;
  onYes: () => void;
  onClose: () => void;
}) {
  const { t } = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <div className="stack">
        {text === undefined ? null : <p>{text}</p>}
        {children}
        <Group>
          <Button {...(danger ? { color: 'red' } : {})} loading={busy} disabled={!ready} onClick={onYes}>
            {yes}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}
