import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../words/words';

// A dialog over the page. The kit's own header would be a second banner landmark, and its scroll lock an inline style.
export function Dialog({
  open,
  onClose,
  title,
  closable = true,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  closable?: boolean;
  children: ReactNode;
}) {
  const { t } = useWords();
  return (
    <Modal.Root opened={open} onClose={onClose} lockScroll={false} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title>{title}</Modal.Title>
          {closable ? <Modal.CloseButton aria-label={t('action.close')} /> : null}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
