import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, take } from '../api/client';
import type { GateTrial } from '../api/types';
import { count } from '../shared/format';
import { Ago } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Loaded, Panel } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';
import { gateTableQuery, gateTablesQuery } from './queries';
import { TableWords } from './table_words';
import { useGateAct } from './use_gate_act';

function InWords({ version }: { version: string }) {
  const { language } = useWords();
  return <Loaded query={useQuery(gateTableQuery(version, language))}>{(table) => <TableWords table={table} />}</Loaded>;
}

function Found({ trial }: { trial: GateTrial }) {
  const { t, language } = useWords();
  return (
    <p role="status">
      {t('gate.trial', {
        files: count(trial.looked_at, language),
        open: count(trial.would_open, language),
        block: count(trial.would_block, language),
      })}
    </p>
  );
}

// A file is read and tried first; what it says and what it would change is shown before anybody adds it.
function NewTable() {
  const { t, language } = useWords();
  const file = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<{ document: string; trial: GateTrial } | null>(null);
  const [added, setAdded] = useState('');
  const forget = () => {
    setChosen(null);
    if (file.current !== null) file.current.value = '';
  };
  const trying = useAct(() => undefined);
  const adding = useGateAct();
  const look = async (from: File) => {
    setChosen(null);
    setAdded('');
    const document = await from.text();
    const query = { language };
    const read = async () => {
      const trial = await take(api.POST('/api/v1/gate/tables/trial', { params: { query }, body: { document } }));
      setChosen({ document, trial });
    };
    if (!(await trying.run(read)) && file.current !== null) file.current.value = '';
  };
  const add = async () => {
    if (chosen === null) return;
    const body = { document: chosen.document };
    if (!(await adding.run(() => take(api.POST('/api/v1/gate/tables', { body }))))) return;
    setAdded(chosen.trial.table.version);
    forget();
  };
  return (
    <Panel title={t('gate.new')} note={t('gate.new_about')}>
      <div className="stack">
        <label>
          {t('gate.choose')}{' '}
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            disabled={trying.busy || adding.busy}
            onChange={(event) => {
              const from = event.target.files?.[0];
              if (from !== undefined) void look(from);
            }}
          />
        </label>
        {trying.error === null ? null : <FailureNotice error={trying.error} />}
        {added === '' ? null : <p role="status">{t('gate.added', { version: added })}</p>}
        {chosen === null ? null : (
          <>
            <Found trial={chosen.trial} />
            <TableWords table={chosen.trial.table} />
            {adding.error === null ? null : <FailureNotice error={adding.error} />}
            <div className="gate-form">
              <Button loading={adding.busy} onClick={() => void add()}>
                {t('gate.add', { version: chosen.trial.table.version })}
              </Button>{' '}
              <Button variant="default" onClick={forget}>
                {t('action.cancel')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

export function GateTablesPanel() {
  const { t } = useWords();
  const mayAdd = useMay('writeGate');
  const [shown, setShown] = useState('');
  const query = useQuery(gateTablesQuery);
  return (
    <>
      <Panel title={t('gate.tables')} note={t('gate.tables_about')}>
        <Loaded query={query}>
          {({ items }) => (
            <PlainTable
              label={t('gate.tables')}
              head={[t('gate.version'), t('gate.from'), t('gate.reason'), t('gate.added_by'), t('gate.look')]}
              keys={items.map((one) => one.version)}
              rows={items.map((one) => [
                <>
                  {one.version} {one.holds ? <Chip tone="good">{t('gate.holds')}</Chip> : null}
                </>,
                one.valid_from,
                one.reason,
                one.added_at === null ? (
                  t('gate.of_profile')
                ) : (
                  <>
                    {one.added_by_login} · <Ago at={one.added_at} />
                  </>
                ),
                <>
                  <Button
                    size="xs"
                    variant="default"
                    aria-expanded={shown === one.version}
                    aria-label={t('gate.show_of', { version: one.version })}
                    onClick={() => setShown(shown === one.version ? '' : one.version)}
                  >
                    {t('gate.show')}
                  </Button>{' '}
                  <Button
                    component="a"
                    size="xs"
                    variant="default"
                    href={`/api/v1/gate/tables/document?version=${encodeURIComponent(one.version)}`}
                    download={`${one.version}.json`}
                    aria-label={t('gate.fetch_of', { version: one.version })}
                  >
                    {t('gate.fetch')}
                  </Button>
                </>,
              ])}
            />
          )}
        </Loaded>
        {shown === '' ? null : <InWords version={shown} />}
      </Panel>
      {mayAdd ? <NewTable /> : null}
    </>
  );
}
