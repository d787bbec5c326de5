import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TipRow } from '../api/types';
import { useWords } from '../words/words';
import { acts, DISPOSITIONS } from './acts';
import { Confirm } from './confirm';
import type { TipWork } from './use_tip';

export function CloseReport({ tip, work }: { tip: TipRow; work: TipWork }) {
  const { t, tn } = useWords();
  const [open, setOpen] = useState(false);
  const [disposition, setDisposition] = useState<(typeof DISPOSITIONS)[number]>('informational');
  const under = tip.bundle === null || tip.folded || tip.pulled ? 0 : tip.bundle.reports - 1;
  return (
    <div>
      <Button size="xs" variant="default" disabled={work.busy} onClick={() => setOpen(true)}>
        {t('work.close')}
      </Button>
      <Confirm
        open={open}
        title={t('work.close_title', { id: tip.report_id })}
        yes={t('work.close_now')}
        busy={work.busy}
        onYes={() => void work.act('close', () => acts.close(tip.report_id, disposition)).then(() => setOpen(false))}
        onClose={() => setOpen(false)}
      >
        <fieldset className="choices">
          <legend>{t('work.close_as')}</legend>
          {DISPOSITIONS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="disposition"
                value={one}
                checked={disposition === one}
                onChange={() => setDisposition(one)}
              />
              {t(`disposition.${one}`)}
            </label>
          ))}
        </fieldset>
        {under > 0 ? <p>{tn('work.close_bundle', under)}</p> : null}
      </Confirm>
    </div>
  );
}
