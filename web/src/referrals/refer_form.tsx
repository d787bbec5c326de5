import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { api, take } from '../api/client';
import type { Agency, ReportRouting } from '../api/types';
import { Dialog } from '../shared/dialog';
import { useLabels } from '../shared/labels';
import { FailureNotice } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';
import { AgencyPicker } from './agency_picker';

interface Named {
  code: string;
  name: string;
}

function ReasonField({ reason, onChange }: { reason: string; onChange: (reason: string) => void }) {
  const { t } = useWords();
  const { choices } = useLabels();
  return (
    <label className="stack">
      {t('routing.reason')}
      <select value={reason} onChange={(event) => onChange(event.target.value)}>
        <option value="" />
        {choices('routing_reasons').map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

// As proposed with one button more; elsewhere with a reason.
export function ReferForm({
  routing,
  open,
  onClose,
  onDone,
}: {
  routing: ReportRouting;
  open: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useWords();
  const proposed: Named[] = routing.proposal.proposed.map((one) => ({ code: one.agency, name: one.agency_name }));
  const [chosen, setChosen] = useState<Named[]>(proposed);
  const [reason, setReason] = useState('');
  const act = useAct(onDone);
  const same =
    chosen.length === proposed.length
    && chosen[0]?.code === proposed[0]?.code
    && chosen.every((one) => proposed.some((other) => other.code === one.code));
  const add = (agency: Agency) => {
    if (!chosen.some((one) => one.code === agency.code))
      setChosen([...chosen, { code: agency.code, name: agency.name }]);
  };
  const refer = () =>
    act.run(() =>
      take(
        api.POST('/api/v1/tips/{id}/refer', {
          params: { path: { id: routing.report_id } },
          body: { agencies: chosen.map((one) => one.code), reason: same ? null : reason },
        }),
      ),
    );
  return (
    <Dialog open={open} onClose={onClose} title={t('routing.refer_title', { id: routing.report_id })}>
      <div className="stack">
        <p>{t('routing.refer_about')}</p>
        <fieldset className="choices">
          <legend>{t('routing.choose')}</legend>
          {chosen.map((one, index) => (
            <label key={one.code}>
              <input type="checkbox" checked onChange={() => setChosen(chosen.filter((other) => other !== one))} />
              {one.name} <span className="quiet">{t(index === 0 ? 'routing.primary' : 'routing.also')}</span>
            </label>
          ))}
        </fieldset>
        <AgencyPicker onPick={add} />
        {same ? null : <ReasonField reason={reason} onChange={setReason} />}
        {act.error === null ? null : <FailureNotice error={act.error} />}
        <Group>
          <Button
            loading={act.busy}
            disabled={chosen.length === 0 || (!same && reason === '')}
            onClick={() => void refer()}
          >
            {t('routing.refer_now')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}

// One more agency for a report that was referred, or taking it back from one: both with a reason.
export function ReasonForm({
  open,
  title,
  about,
  yes,
  picks,
  onClose,
  onDone,
  send,
}: {
  open: boolean;
  title: string;
  about?: string;
  yes: string;
  picks: boolean;
  onClose: () => void;
  onDone: () => void;
  send: (reason: string, agency: string) => Promise<unknown>;
}) {
  const { t } = useWords();
  const [agency, setAgency] = useState<Named | null>(null);
  const [reason, setReason] = useState('');
  const act = useAct(onDone);
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <div className="stack">
        {about === undefined ? null : <p>{about}</p>}
        {agency === null ? null : <p>{agency.name}</p>}
        {picks ? <AgencyPicker onPick={setAgency} /> : null}
        <ReasonField reason={reason} onChange={setReason} />
        {act.error === null ? null : <FailureNotice error={act.error} />}
        <Group>
          <Button
            loading={act.busy}
            disabled={reason === '' || (picks && agency === null)}
            onClick={() => void act.run(() => send(reason, agency?.code ?? ''))}
          >
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
