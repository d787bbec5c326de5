import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import { accountsQuery, organisationsQuery } from '../api/queries';
import type { Account } from '../api/types';
import { useMay } from '../shared/session_context';
import { FailureNotice, Loaded, Page } from '../shared/ui';
import { useAction } from '../shared/use_action';
import { useWords } from '../words/words';
import { AccountForm, type NewAccount } from './account_form';
import { AccountTable, type AccountChange } from './account_table';
import { PasswordForm, RolesForm } from './account_change_forms';

type Open = { kind: 'add' } | { kind: 'password' | 'roles'; account: Account } | null;

const pathOf = (account: Account) => ({ params: { path: { id: String(account.id) } } });

export function AccountsPage() {
  const { t } = useWords();
  const accounts = useQuery(accountsQuery);
  const organisations = useQuery({ ...organisationsQuery, enabled: useMay('readOrganisations') });
  const mayWrite = useMay('writeAccounts');
  const [open, setOpen] = useState<Open>(null);
  const { run, busy, error } = useAction(accountsQuery.queryKey);
  const close = () => setOpen(null);
  // Closes the form only if the change was made.
  const act = async (work: () => Promise<unknown>) => {
    const done = await run(async () => { await work(); return true; });
    if (done === true) close();
  };

  const change = (account: Account, what: AccountChange) => {
    if (what === 'password' || what === 'roles') setOpen({ kind: what, account });
    else if (what === 'disable') void act(() => take(api.POST('/api/v1/accounts/{id}/disable', pathOf(account))));
    else void act(() => take(api.POST('/api/v1/accounts/{id}/enable', pathOf(account))));
  };
  const form = () => {
    if (open === null) return error === null ? null : <FailureNotice error={error} />;
    const shared = { busy, error, onCancel: close };
    if (open.kind === 'add') {
      const add = (body: NewAccount) => act(() => take(api.POST('/api/v1/accounts', { body })));
      return <AccountForm {...shared} organisations={organisations.data ?? []} onSubmit={(body) => void add(body)} />;
    }
    const { account } = open;
    return open.kind === 'password'
      ? <PasswordForm {...shared} login={account.login}
          onSubmit={(password) => void act(() => take(api.POST('/api/v1/accounts/{id}/password', { ...pathOf(account), body: { password } })))} />
      : <RolesForm {...shared} login={account.login} roles={account.roles}
          onSubmit={(roles) => void act(() => take(api.POST('/api/v1/accounts/{id}/roles', { ...pathOf(account), body: { roles } })))} />;
  };

  return (
    <Page title={t('accounts.title')} lead={t('accounts.about')}
      actions={mayWrite && open === null ? <Button onClick={() => setOpen({ kind: 'add' })}>{t('accounts.add')}</Button> : undefined}>
      {form()}
      <Loaded query={accounts}>
        {(items) => <AccountTable items={items} organisations={organisations.data ?? []} onChange={mayWrite ? change : undefined} busy={busy} />}
      </Loaded>
    </Page>
  );
}
