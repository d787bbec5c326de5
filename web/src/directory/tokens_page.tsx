import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import { accountsQuery, tokensQuery } from '../api/queries';
import { useMay } from '../shared/session_context';
import { OneTimeSecret } from '../shared/one_time_secret';
import { FailureNotice, Loaded, Page } from '../shared/ui';
import { useAction } from '../shared/use_action';
import { useWords } from '../words/words';
import { TokenForm, type NewToken } from './token_form';
import { TokenTable } from './token_table';

export function TokensPage() {
  const { t } = useWords();
  const tokens = useQuery(tokensQuery);
  const accounts = useQuery(accountsQuery);
  const mayWrite = useMay('writeTokens');
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState('');
  const { run, busy, error } = useAction(tokensQuery.queryKey);
  const add = async (body: NewToken) => {
    const roles = accounts.data?.find((one) => one.id === body.account)?.roles ?? [];
    const made = await run(() => take(api.POST('/api/v1/tokens', { body: { ...body, roles, expires_at: null } })));
    if (made === undefined) return;
    setAdding(false);
    setSecret(made.secret);
  };
  const revoke = (id: number) =>
    run(() => take(api.POST('/api/v1/tokens/{id}/revoke', { params: { path: { id: String(id) } } })));
  return (
    <Page
      title={t('tokens.title')}
      lead={t('tokens.about')}
      actions={
        mayWrite && !adding ? (
          <Button
            onClick={() => {
              setAdding(true);
              setSecret('');
            }}
          >
            {t('tokens.add')}
          </Button>
        ) : undefined
      }
    >
      {secret === '' ? null : (
        <OneTimeSecret
          title={t('tokens.secret_title')}
          about={t('tokens.secret_about')}
          secret={secret}
          onDone={() => setSecret('')}
        />
      )}
      {adding ? (
        <TokenForm
          busy={busy}
          error={error}
          accounts={accounts.data ?? []}
          onSubmit={(body) => void add(body)}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      {!adding && error !== null ? <FailureNotice error={error} /> : null}
      <Loaded query={tokens}>
        {(items) => <TokenTable items={items} busy={busy} onRevoke={mayWrite ? (id) => void revoke(id) : undefined} />}
      </Loaded>
    </Page>
  );
}
