import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { FileGate as Gate, FileView } from '../api/types';
import { useMay } from '../shared/session_context';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';
import { gateQuery } from './queries';
import { hasPreview } from './reveal';
import { RevealDialog } from './reveal_dialog';
import './evidence.css';

function Decision({ gate }: { gate: Gate }) {
  const { t } = useWords();
  if (gate.rule === 'undecided') return <span className="quiet">{t('gate.undecided')}</span>;
  const open = gate.decision === 'open';
  return (
    <>
      <Chip tone={open ? 'good' : 'warn'}>{t(open ? 'gate.open' : 'gate.closed')}</Chip>{' '}
      <span>{gate.rule === 'none' && gate.label === '' ? t('gate.no_rule') : gate.label}</span>{' '}
      <span className="quiet">{t('gate.by', { table: gate.table, jurisdiction: gate.jurisdiction })}</span>
    </>
  );
}

// Who may open this file and why, and, for those who may, the way to look at it.
export function FileGate({ report, file, number }: { report: number; file: FileView; number: number }) {
  const { t, tn, language } = useWords();
  const mayOpen = useMay('openFiles');
  const [revealing, setRevealing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    setRevealing(false);
    requestAnimationFrame(() => button.current?.focus()); // Once the dialog has let go of it.
  }, []);
  const gate = useQuery(gateQuery(report, language)).data?.get(file.id);
  if (gate === undefined) return null;
  const shows = mayOpen && gate.decision === 'open';
  return (
    <div className="file-gate">
      <p>
        <Decision gate={gate} />
      </p>
      {gate.reveals === 0 ? null : <p className="quiet">{tn('reveal.times', gate.reveals)}</p>}
      {shows && !hasPreview(file.sniffed_type) ? <p className="quiet">{t('reveal.no_preview')}</p> : null}
      {shows && hasPreview(file.sniffed_type) ? (
        <Button
          ref={button}
          size="xs"
          variant="default"
          aria-label={t('reveal.open_of', { number })}
          onClick={() => setRevealing(true)}
        >
          {t('reveal.open')}
        </Button>
      ) : null}
      {revealing ? <RevealDialog report={report} file={file} number={number} onClose={close} /> : null}
    </div>
  );
}
