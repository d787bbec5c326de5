import { Button } from '@mantine/core';
import type { Account, Organisation } from '../api/types';
import { useLabels } from '../shared/labels';
import { Ago } from '../shared/moment';
import { useNow } from '../shared/now';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';

interface AccountTableProps {
  items: readonly Account[];
  organisations: readonly Organisation[];
  onChange?: ((account: Account) => void) | undefined;
}

function AccountStanding({ account }: { account: Account }) {
  const { t, find } = useWords();
  const now = useNow();
  const locked = account.locked_until !== null && Date.parse(account.locked_until) > now;
  return (
    <>
      <Chip tone={account.state === 'active' ? 'good' : 'plain'}>
        {find(`account_state.${account.state}`) ?? account.state}
      </Chip>
      {locked ? <Chip tone="warn">{t('accounts.locked')}</Chip> : null}
      {account.second_factor ? <Chip tone="calm">{t('accounts.second_factor')}</Chip> : null}
      {account.test_traffic ? <Chip>{t('flag.test')}</Chip> : null}
    </>
  );
}

export function AccountTable({ items, organisations, onChange }: AccountTableProps) {
  const { t, find } = useWords();
  const { label } = useLabels();
  const names = new Map(organisations.map((one) => [one.id, one.name]));
  if (items.length === 0) return <p className="empty">{t('accounts.none')}</p>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('accounts.title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('accounts.login')}</th>
            <th scope="col">{t('accounts.organisation')}</th>
            <th scope="col">{t('accounts.roles')}</th>
            <th scope="col">{t('accounts.state')}</th>
            <th scope="col">{t('accounts.created')}</th>
            {onChange === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">{t('accounts.change')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((account) => (
            <tr key={account.id}>
              <th scope="row">
                {account.login} <span className="quiet">{find(`account_kind.${account.kind}`) ?? account.kind}</span>
              </th>
              <td>
                {account.organisation === 0
                  ? t('accounts.centre')
                  : (names.get(account.organisation) ?? account.organisation)}
              </td>
              <td>{account.roles.map((role) => label('roles', role)).join(', ')}</td>
              <td>
                <AccountStanding account={account} />
              </td>
              <td>
                <Ago at={account.created_at} />
              </td>
              {onChange === undefined ? null : (
                <td className="row-actions">
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t('accounts.change_of', { login: account.login })}
                    onClick={() => onChange(account)}
                  >
                    {t('accounts.change')}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
