import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import type { Throttle } from '../api/types';
import { count } from '../shared/format';
import { Ago, Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { FailureNotice, Panel } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { Confirm } from '../triage/confirm';
import { useWords } from '../words/words';
import { throttlesQuery } from './queries';

const DAYS = [1, 3, 7, 30] as const;
const TEXT_MAX = 500;

function useThrottleAct() {
  const queries = useQueryClient();
  return useAct(() => void queries.invalidateQueries({ queryKey: throttlesQuery.queryKey }));
}

// Puts what a sender reports behind what others report, after saying what that means.
export function ThrottleButton({ organisation, name }: { organisation: number; name: string }) {
  const { t, tn } = useWords();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<number>(DAYS[0]);
  const acting = useThrottleAct();
  const begin = async () => {
    const body = { organisation, reason, days };
    if (await acting.run(() => take(api.POST('/api/v1/tips/throttles', { body })))) setAsking(false);
  };
  return (
    <>
      <Button size="xs" variant="default" aria-label={t('throttle.title', { name })} onClick={() => setAsking(true)}>
        {t('throttle.begin')}
      </Button>
      <Confirm
        open={asking}
        title={t('throttle.title', { name })}
        text={t('throttle.about')}
        yes={t('throttle.begin')}
        busy={acting.busy}
        ready={reason.trim() !== ''}
        onYes={() => void begin()}
        onClose={() => setAsking(false)}
      >
        <p>{t('throttle.keeps')}</p>
        <TextInput
          label={t('throttle.reason')}
          value={reason}
          maxLength={TEXT_MAX}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <label className="stack">
          {t('throttle.days')}
          <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {tn('throttle.for', one)}
              </option>
            ))}
          </select>
        </label>
        {acting.error === null ? null : <FailureNotice error={acting.error} />}
      </Confirm>
    </>
  );
}

function EndButton({ throttle }: { throttle: Throttle }) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const acting = useThrottleAct();
  const title = t('throttle.end_title', { name: throttle.organisation_name });
  const end = async () => {
    const send = () =>
      take(api.POST('/api/v1/tips/throttles/{id}/end', { params: { path: { id: throttle.id } }, body: { note } }));
    if (await acting.run(send)) setAsking(false);
  };
  return (
    <>
      <Button size="xs" variant="default" aria-label={title} onClick={() => setAsking(true)}>
        {t('throttle.end')}
      </Button>
      <Confirm
        open={asking}
        title={title}
        text={t('throttle.end_about')}
        yes={t('throttle.end')}
        busy={acting.busy}
        ready={note.trim() !== ''}
        onYes={() => void end()}
        onClose={() => setAsking(false)}
      >
        <TextInput
          label={t('throttle.note')}
          value={note}
          maxLength={TEXT_MAX}
          autoComplete="off"
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {acting.error === null ? null : <FailureNotice error={acting.error} />}
      </Confirm>
    </>
  );
}

function Until({ throttle }: { throttle: Throttle }) {
  const { t } = useWords();
  if (throttle.ended_at === null) return <Exact at={throttle.until} />;
  return (
    <>
      {t('throttle.ended')} <Ago at={throttle.ended_at} />
      {throttle.ended_by_login === '' ? `, ${t('throttle.by_time')}` : `, ${throttle.ended_by_login}: ${throttle.note}`}
    </>
  );
}

// Nothing to see while nobody was ever throttled.
export function ThrottlesPanel({ throttles }: { throttles: readonly Throttle[] }) {
  const { t, language } = useWords();
  if (throttles.length === 0) return null;
  return (
    <Panel title={t('throttle.list')} note={t('throttle.list_about')}>
      <PlainTable
        label={t('throttle.list')}
        head={[
          t('inbox.from'),
          t('routing.since'),
          t('throttle.why'),
          t('throttle.until'),
          t('throttle.waiting'),
          t('throttle.act'),
        ]}
        keys={throttles.map((one) => one.id)}
        rows={throttles.map((one) => [
          one.organisation_name,
          <>
            <Ago at={one.at} /> · {one.account_login}
          </>,
          one.reason,
          <Until throttle={one} />,
          one.ended_at !== null
            ? ''
            : t('throttle.counts', {
                urgent: count(one.urgent_behind, language),
                others: count(one.others_behind, language),
              }),
          one.ended_at === null ? <EndButton throttle={one} /> : null,
        ])}
      />
    </Panel>
  );
}
