import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Account } from '../api/types';
import { FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';

export interface NewToken {
  name: string;
  account: number;
}

export function TokenForm({
  busy,
  error,
  accounts,
  onSubmit,
  onCancel,
}: {
  busy: boolean;
  error: unknown;
  accounts: readonly Account[];
  onSubmit: (body: NewToken) => void;
  onCancel: () => void;
}) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [account, setAccount] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name: name.trim(), account: Number(account) });
  };
  const machines = accounts.filter((one) => one.kind === 'machine' && one.state === 'active');
  const data = [
    { value: '', label: t('tokens.choose_account') },
    ...machines.map((one) => ({ value: String(one.id), label: one.login })),
  ];
  return (
    <Panel title={t('tokens.add')}>
      <form className="form" onSubmit={submit}>
        <TextInput
          label={t('tokens.name')}
          description={t('tokens.name_about')}
          required
          withAsterisk={false}
          autoFocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('tokens.account')}
          description={t('tokens.account_about')}
          required
          withAsterisk={false}
          value={account}
          data={data}
          onChange={(event) => setAccount(event.currentTarget.value)}
        />
        {machines.length === 0 ? <p className="quiet">{t('tokens.no_machine')}</p> : null}
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy} disabled={account === ''}>
            {t('tokens.add')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Panel>
  );
}
