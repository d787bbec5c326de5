import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { api, take } from '../api/client';
import type { DeconflictionMeeting } from '../api/types';
import { Dialog } from '../shared/dialog';
import { FailureNotice } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';

const OUTCOMES = ['both', 'holder_only', 'other_only'] as const;
type Outcome = (typeof OUTCOMES)[number];

// A supervisor's word, after the two have spoken.
export function ResolveForm({
  meeting,
  onClose,
  onDone,
}: {
  meeting: DeconflictionMeeting;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useWords();
  const overReport = meeting.report_id !== 0;
  const [outcome, setOutcome] = useState<Outcome>(meeting.outcome ?? 'both');
  const [note, setNote] = useState(meeting.note);
  const { busy, error, run } = useAct(onDone);
  const names = { holder: meeting.holder.agency_name, other: meeting.other.agency_name };
  const send = () =>
    run(() =>
      take(
        api.POST('/api/v1/deconfliction/{id}/resolve', {
          params: { path: { id: meeting.id } },
          body: { outcome, note },
        }),
      ),
    );
  return (
    <Dialog open onClose={onClose} title={t('meet.resolve_title', names)}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {overReport ? (
          <fieldset className="choices">
            <legend>{t('meet.outcome')}</legend>
            {OUTCOMES.map((one) => (
              <label key={one}>
                <input type="radio" name="outcome" checked={outcome === one} onChange={() => setOutcome(one)} />
                {t(`meet.outcome.${one}`, names)}
              </label>
            ))}
          </fieldset>
        ) : (
          <p>{t('meet.resolve_interests')}</p>
        )}
        <label className="stack">
          {t('meet.note')}
          <textarea rows={3} maxLength={1000} required value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy} disabled={note.trim() === ''}>
            {t('meet.resolve')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
