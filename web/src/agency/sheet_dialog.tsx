import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { api, take } from '../api/client';
import type { SheetAnswer } from '../api/types';
import { Dialog } from '../shared/dialog';
import { PlainTable } from '../shared/plain_table';
import { FailureNotice } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';

function Outcome({ answer }: { answer: SheetAnswer }) {
  const { t, tn } = useWords();
  return (
    <>
      <p role="status">
        {tn('sheet.answered', answer.answered)} {answer.silent === 0 ? '' : tn('sheet.silent', answer.silent)}
      </p>
      {answer.faults.length === 0 ? null : (
        <>
          <p>{tn('sheet.faults', answer.faults.length)}</p>
          <PlainTable
            label={t('sheet.wrong')}
            cell="long"
            head={[t('sheet.line'), t('sheet.column'), t('sheet.what')]}
            rows={answer.faults.map((one) => [one.line, one.column, one.text])}
          />
        </>
      )}
    </>
  );
}

// Many answers at once, out of a spreadsheet: one to fill in, and one that is filled in.
export function SheetDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useWords();
  const file = useRef<HTMLInputElement>(null);
  const [answer, setAnswer] = useState<SheetAnswer | null>(null);
  const { busy, error, run } = useAct(onDone);
  const send = async (chosen: File) => {
    setAnswer(null);
    const sheet = await chosen.text();
    await run(async () => setAnswer(await take(api.POST('/api/v1/agency/feedback/sheet', { body: { sheet } }))));
    if (file.current !== null) file.current.value = '';
  };
  return (
    <Dialog open onClose={onClose} title={t('sheet.title')}>
      <div className="stack">
        <ol>
          <li>
            <a href="/api/v1/agency/feedback/sheet" download="answers.csv">
              {t('sheet.download')}
            </a>
          </li>
          <li>{t('sheet.fill')}</li>
          <li>
            <label>
              {t('sheet.send')}{' '}
              <input
                ref={file}
                type="file"
                accept=".csv,text/csv,text/plain"
                disabled={busy}
                onChange={(event) => {
                  const chosen = event.target.files?.[0];
                  if (chosen !== undefined) void send(chosen);
                }}
              />
            </label>
          </li>
        </ol>
        {error === null ? null : <FailureNotice error={error} />}
        {answer === null ? null : <Outcome answer={answer} />}
        <div>
          <Button variant="default" onClick={onClose}>
            {t('action.close')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
