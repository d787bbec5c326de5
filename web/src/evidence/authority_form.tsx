import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { api, take } from '../api/client';
import { FailureNotice } from '../shared/ui';
import { useWords } from '../words/words';
import { useGateAct } from './use_gate_act';
import './evidence.css';

const KINDS = ['warrant', 'consent', 'exigency'] as const;
type Kind = (typeof KINDS)[number];

// Of a field of day and time, read as UTC like all moments that are recorded here.
const moment = (typed: string) => `${typed}:00Z`;
const minuteOf = (ms: number) => new Date(ms).toISOString().slice(0, 16);

// A warrant, consent or exigency that names files of the report; the gate decides anew at once.
export function AuthorityForm({ report, files }: { report: number; files: readonly number[] }) {
  const { t, find } = useWords();
  const [kind, setKind] = useState<Kind>('warrant');
  const [reference, setReference] = useState('');
  const [from, setFrom] = useState(() => minuteOf(Date.now()));
  const [until, setUntil] = useState('');
  const [named, setNamed] = useState<readonly number[] | null>(null); // Null: all of them.
  const acting = useGateAct(() => setReference(''));
  const ready = reference.trim() !== '' && from !== '' && (named === null || named.length > 0);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      kind,
      reference: reference.trim(),
      from: moment(from),
      until: until === '' ? null : moment(until),
      all_files: named === null,
      files: named === null ? [] : [...named],
    };
    void acting.run(() =>
      take(api.POST('/api/v1/reports/{id}/authorities', { params: { path: { id: report } }, body })),
    );
  };
  const toggle = (file: number, on: boolean) =>
    setNamed((before) => [...(before ?? []).filter((one) => one !== file), ...(on ? [file] : [])]);
  return (
    <form onSubmit={send} className="stack" aria-label={t('gate.record_new')}>
      <h4>{t('gate.record_new')}</h4>
      <div className="gate-form">
        <label>
          {t('gate.kind')}{' '}
          <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {find(`gate.when.${one}`) ?? one}
              </option>
            ))}
          </select>
        </label>
        <TextInput
          label={t('gate.reference')}
          value={reference}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <TextInput
          label={t('gate.from_utc')}
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label={t('gate.until_utc')}
          type="datetime-local"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      </div>
      <fieldset className="gate-files">
        <legend>{t('gate.files')}</legend>
        <label>
          <input type="radio" name="named" checked={named === null} onChange={() => setNamed(null)} />{' '}
          {t('gate.all_files')}
        </label>{' '}
        <label>
          <input type="radio" name="named" checked={named !== null} onChange={() => setNamed([])} />{' '}
          {t('gate.some_files')}
        </label>
        {named === null
          ? null
          : files.map((file) => (
              <label key={file}>
                <input
                  type="checkbox"
                  checked={named.includes(file)}
                  onChange={(event) => toggle(file, event.target.checked)}
                />{' '}
                {file}
              </label>
            ))}
      </fieldset>
      {acting.error === null ? null : <FailureNotice error={acting.error} />}
      <div>
        <Button type="submit" size="xs" loading={acting.busy} disabled={!ready}>
          {t('gate.record')}
        </Button>
      </div>
    </form>
  );
}
