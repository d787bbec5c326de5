import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import { accountsQuery, organisationsQuery } from '../api/queries';
import type { Account } from '../api/types';
import { OneTimeSecret } from '../shared/one_time_secret';
import { useMay } from '../shared/session_context';
import { Loaded, Page } from '../shared/ui';
import { useAction } from '../shared/use_action';
import { useWords } from '../words/words';
import { AccountForm, type NewAccount } from './account_form';
import { AccountPanel } from './account_panel';
import { AccountTable } from './account_table';

type Made = { login: string; password: string } | null;

const pathOf = (account: Account) => ({ params: { path: { id: String(account.id) } } });

export function AccountsPage() {
  const { t } = useWords();
  const accounts = useQuery(accountsQuery);
  const organisations = useQuery({ ...organisationsQuery, enabled: useMay('readOrganisations') });
  const mayWrite = useMay('writeAccounts');
  const [open, setOpen] = useState<'add' | number | null>(null);
  const [made, setMade] = useState<Made>(null);
  const { run, busy, error } = useAction(accountsQuery.queryKey);
  const chosen = typeof open === 'number' ? accounts.data?.find((one) => one.id === open) : undefined;

  const add = async (form: NewAccount) => {
    const body = { ...form, password: form.password === '' ? null : form.password };
    const created = await run(() => take(api.POST('/api/v1/accounts', { body })));
    if (created === undefined) return;
    setOpen(null);
    if (created.password !== null) setMade({ login: form.login, password: created.password });
  };
  const setPassword = async (account: Account, password: string) => {
    const body = { password: password === '' ? null : password };
    const changed = await run(() => take(api.POST('/api/v1/accounts/{id}/password', { ...pathOf(account), body })));
    if (changed === undefined) return;
    setOpen(null);
    if (changed.password !== null) setMade({ login: account.login, password: changed.password });
  };
  const act = async (work: () => Promise<unknown>) => {
    if (
      (await run(async () => {
        await work();
        return true;
      })) === true
    )
      setOpen(null);
  };

  return (
    <Page
      title={t('accounts.title')}
      lead={t('accounts.about')}
      actions={
        mayWrite && open === null ? (
          <Button
            onClick={() => {
              setOpen('add');
              setMade(null);
            }}
          >
            {t('accounts.add')}
          </Button>
        ) : undefined
      }
    >
      {made === null ? null : (
        <OneTimeSecret
          title={t('accounts.password_made', { login: made.login })}
          about={t('accounts.password_made_about')}
          secret={made.password}
          onDone={() => setMade(null)}
        />
      )}
      {open === 'add' ? (
        <AccountForm
          busy={busy}
          error={error}
          organisations={organisations.data ?? []}
          onSubmit={(form) => void add(form)}
          onCancel={() => setOpen(null)}
        />
      ) : null}
      {chosen === undefined ? null : (
        <AccountPanel
          key={chosen.id}
          account={chosen}
          busy={busy}
          error={error}
          onClose={() => setOpen(null)}
          onPassword={(password) => void setPassword(chosen, password)}
          onRoles={(roles) =>
            void act(() => take(api.POST('/api/v1/accounts/{id}/roles', { ...pathOf(chosen), body: { roles } })))
          }
          onDisable={() => void act(() => take(api.POST('/api/v1/accounts/{id}/disable', pathOf(chosen))))}
          onEnable={() => void act(() => take(api.POST('/api/v1/accounts/{id}/enable', pathOf(chosen))))}
          onRemoveSecondFactor={() =>
            void act(() => take(api.POST('/api/v1/accounts/{id}/second-factor/remove', pathOf(chosen))))
          }
        />
      )}
      <Loaded query={accounts}>
        {(items) => (
          <AccountTable
            items={items}
            organisations={organisations.data ?? []}
            onChange={
              mayWrite
                ? (account) => {
                    setOpen(account.id);
                    setMade(null);
                  }
                : undefined
            }
          />
        )}
      </Loaded>
    </Page>
  );
}
