import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, take } from '../api/client';
import type { Authority, FileGate, GateTable } from '../api/types';
import { Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { AuthorityForm } from './authority_form';
import { decideAgain } from './gate_flags_panel';
import { gateTableQuery, reportGateQuery } from './queries';
import { Outcome } from './table_words';
import { useGateAct } from './use_gate_act';

function Files({ files }: { files: readonly FileGate[] }) {
  const { t, find } = useWords();
  if (files.length === 0) return <p className="quiet">{t('gate.no_files')}</p>;
  const said = (answer: string) => find(`gate.answer.${answer}`) ?? answer;
  return (
    <PlainTable
      label={t('gate.files')}
      head={[t('gate.file'), t('gate.now'), t('gate.rule'), t('gate.viewed'), t('gate.public'), t('gate.today')]}
      keys={files.map((one) => one.file)}
      rows={files.map((one) => [
        one.file,
        one.rule === 'undecided' ? t('gate.undecided_short') : <Outcome decision={one.decision} />,
        <>
          {one.label} {one.table === '' ? '' : t('gate.by', { table: one.table, jurisdiction: one.jurisdiction })}
        </>,
        said(one.viewed_by_esp),
        said(one.publicly_available),
        one.review === null ? '' : <Outcome decision={one.review.decision} />,
      ])}
    />
  );
}

function Records({ records, report }: { records: readonly Authority[]; report: number }) {
  const { t, find } = useWords();
  const mayWrite = useMay('writeAuthorities');
  const acting = useGateAct();
  if (records.length === 0) return <p className="quiet">{t('gate.no_records')}</p>;
  const revoke = (id: number) =>
    acting.run(() => take(api.POST('/api/v1/authorities/{id}/revoke', { params: { path: { id } } })));
  return (
    <>
      {acting.error === null ? null : <FailureNotice error={acting.error} />}
      <PlainTable
        label={t('gate.records', { report })}
        head={[t('gate.kind'), t('gate.reference'), t('gate.from'), t('gate.until'), t('gate.files'), t('gate.act')]}
        keys={records.map((one) => one.id)}
        rows={records.map((one) => [
          <>
            {find(`gate.when.${one.kind}`) ?? one.kind}{' '}
            {one.in_force ? <Chip tone="good">{t('gate.in_force')}</Chip> : null}
          </>,
          one.reference,
          <Exact at={one.from} />,
          one.until === null ? t('gate.no_end') : <Exact at={one.until} />,
          one.all_files ? t('gate.all_files') : one.files.join(', '),
          one.revoked_at !== null ? (
            <>
              {t('gate.revoked')} <Exact at={one.revoked_at} />
            </>
          ) : mayWrite ? (
            <Button
              size="xs"
              variant="default"
              disabled={acting.busy}
              aria-label={t('gate.revoke_of', { reference: one.reference })}
              onClick={() => void revoke(one.id)}
            >
              {t('gate.revoke')}
            </Button>
          ) : null,
        ])}
      />
    </>
  );
}

function DecideAgain({ report, table }: { report: number; table: GateTable }) {
  const { t } = useWords();
  const [jurisdiction, setJurisdiction] = useState('');
  const acting = useGateAct();
  return (
    <div className="gate-form">
      <label>
        {t('gate.whose_rules')}{' '}
        <select value={jurisdiction} onChange={(event) => setJurisdiction(event.target.value)}>
          <option value="">{t('gate.as_before')}</option>
          {table.jurisdictions.map((one) => (
            <option key={one.code} value={one.code}>
              {one.label}
            </option>
          ))}
        </select>
      </label>{' '}
      <Button
        size="xs"
        variant="default"
        loading={acting.busy}
        aria-label={t('gate.decide_of', { report })}
        onClick={() => void acting.run(() => decideAgain(report, jurisdiction))}
      >
        {t('gate.decide')}
      </Button>
      {acting.error === null ? null : <FailureNotice error={acting.error} />}
    </div>
  );
}

function OfReport({ report }: { report: number }) {
  const { t, language } = useWords();
  const mayWrite = useMay('writeAuthorities');
  const table = useQuery(gateTableQuery('', language)).data;
  return (
    <Loaded query={useQuery(reportGateQuery(report, language))}>
      {({ items, authorities, next_after }) => (
        <div className="stack">
          <h3>{t('gate.files_of', { report })}</h3>
          <Files files={items} />
          {next_after === null ? null : <p className="quiet">{t('gate.first_files')}</p>}
          {mayWrite && table !== undefined && items.length > 0 ? <DecideAgain report={report} table={table} /> : null}
          <h3>{t('gate.records', { report })}</h3>
          <Records records={authorities} report={report} />
          {mayWrite ? <AuthorityForm report={report} files={items.map((one) => one.file)} /> : null}
        </div>
      )}
    </Loaded>
  );
}

// The files of one report by its number: what was decided, what it rests on, and what is recorded of orders and consents.
export function GateReportPanel({ report, onReport }: { report: number | null; onReport: (report: number) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [seen, setSeen] = useState<number | null>(null);
  // A report that was chosen elsewhere stands in the field too.
  if (report !== seen) {
    setSeen(report);
    setTyped(report === null ? '' : String(report));
  }
  const go = (event: FormEvent) => {
    event.preventDefault();
    const number = Number(typed.trim());
    if (Number.isSafeInteger(number) && number > 0) onReport(number);
  };
  return (
    <Panel title={t('gate.of_report')} note={t('gate.of_report_about')}>
      <div className="stack">
        <form onSubmit={go} className="gate-form">
          <TextInput
            label={t('gate.report')}
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t('gate.show')}
          </Button>
        </form>
        {report === null ? null : <OfReport key={report} report={report} />}
      </div>
    </Panel>
  );
}
