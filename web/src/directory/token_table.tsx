import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Token } from '../api/types';
import { Ago, DateOnly } from '../shared/moment';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';

interface TokenTableProps {
  items: readonly Token[];
  busy: boolean;
  onRevoke?: ((id: number) => void) | undefined;
}

// Two steps in one place: a token that is revoked stays so.
function RevokeButton({ name, busy, onRevoke }: { name: string; busy: boolean; onRevoke: () => void }) {
  const { t } = useWords();
  const [asked, setAsked] = useState(false);
  return asked ? (
    <Button size="xs" color="red" disabled={busy} autoFocus onClick={onRevoke} onBlur={() => setAsked(false)}>
      {t('tokens.revoke_sure')}
    </Button>
  ) : (
    <Button
      size="xs"
      variant="default"
      disabled={busy}
      aria-label={t('tokens.revoke_of', { name })}
      onClick={() => setAsked(true)}
    >
      {t('tokens.revoke')}
    </Button>
  );
}

export function TokenTable({ items, busy, onRevoke }: TokenTableProps) {
  const { t } = useWords();
  if (items.length === 0) return <p className="empty">{t('tokens.none')}</p>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('tokens.title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('tokens.name')}</th>
            <th scope="col">{t('tokens.account')}</th>
            <th scope="col">{t('tokens.created')}</th>
            <th scope="col">{t('tokens.used')}</th>
            <th scope="col">{t('tokens.expires')}</th>
            <th scope="col">{t('tokens.state')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              <td>{token.login}</td>
              <td>
                <Ago at={token.created_at} />
              </td>
              <td>{token.last_used_at === null ? t('tokens.never') : <Ago at={token.last_used_at} />}</td>
              <td>
                <DateOnly at={token.expires_at} />
              </td>
              <td className="row-actions">
                {token.revoked_at !== null ? (
                  <Chip>{t('tokens.revoked')}</Chip>
                ) : onRevoke === undefined ? (
                  <Chip tone="good">{t('tokens.active')}</Chip>
                ) : (
                  <RevokeButton name={token.name} busy={busy} onRevoke={() => onRevoke(token.id)} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
