import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TipRow } from '../api/types';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { useMay } from '../shared/session_context';
import { useWords } from '../words/words';
import { acts } from './acts';
import { Confirm } from './confirm';
import { holdsOfQuery } from './queries';
import type { TipWork } from './use_tip';

const MONTH_MS = 30 * 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function Place({ tip, work }: { tip: TipRow; work: TipWork }) {
  const { t } = useWords();
  const { choices } = useLabels();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [reference, setReference] = useState('');
  const [until, setUntil] = useState(() => dayOf(Date.now() + MONTH_MS));
  const hold = { reason, reference, review_on: until };
  const place = () => work.act('hold', () => acts.hold(tip.report_id, hold)).then(() => setOpen(false));
  return (
    <>
      <Button size="xs" variant="default" disabled={work.busy} onClick={() => setOpen(true)}>
        {t('hold.place')}
      </Button>
      <Confirm
        open={open}
        title={t('hold.place_title', { id: tip.report_id })}
        text={t('hold.place_about')}
        yes={t('hold.place_now')}
        busy={work.busy}
        ready={reason !== '' && reference.trim() !== '' && until !== ''}
        onYes={() => void place()}
        onClose={() => setOpen(false)}
      >
        <label className="stack">
          {t('hold.reason')}
          <select value={reason} onChange={(event) => setReason(event.target.value)}>
            <option value="" />
            {choices('hold_reasons').map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <TextInput
          label={t('hold.reference')}
          value={reference}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <TextInput
          label={t('hold.review')}
          type="date"
          value={until}
          min={dayOf(Date.now())}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </Confirm>
    </>
  );
}

function Lift({ tip, work }: { tip: TipRow; work: TipWork }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const lift = () => work.act('lift_hold', () => acts.liftHold(tip.report_id, note)).then(() => setOpen(false));
  return (
    <>
      <Button size="xs" variant="default" disabled={work.busy} onClick={() => setOpen(true)}>
        {t('hold.lift')}
      </Button>
      <Confirm
        open={open}
        title={t('hold.lift_title', { id: tip.report_id })}
        text={t('hold.lift_about')}
        yes={t('hold.lift')}
        busy={work.busy}
        ready={note.trim() !== ''}
        onYes={() => void lift()}
        onClose={() => setOpen(false)}
      >
        <label className="stack">
          {t('hold.note')}
          <textarea rows={3} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      </Confirm>
    </>
  );
}

function Held({ tip }: { tip: TipRow }) {
  const { t } = useWords();
  const { label } = useLabels();
  const hold = useQuery(holdsOfQuery(tip.report_id, tip.state)).data?.items.find((one) => one.lifted_at === null);
  if (hold === undefined) return null;
  return (
    <p>
      {label('hold_reasons', hold.reason)}: {hold.reference}.{' '}
      <span className="quiet">
        {t('hold.review')} {hold.review_on} · {hold.account_login} · <Exact at={hold.at} />
      </span>
    </p>
  );
}

// A legal hold on the report: why it stands, and what a supervisor may do about it.
export function LegalHold({ tip, work }: { tip: TipRow; work: TipWork }) {
  const maySupervise = useMay('superviseTips');
  const held = tip.state === 'held_legal';
  return (
    <div>
      {held ? <Held tip={tip} /> : null}
      {!maySupervise ? null : held ? <Lift tip={tip} work={work} /> : <Place tip={tip} work={work} />}
    </div>
  );
}
