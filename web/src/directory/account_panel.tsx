import { Button, Group, PasswordInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Account } from '../api/types';
import { FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { RoleBoxes } from './role_boxes';

interface AccountPanelProps {
  account: Account;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onRoles: (roles: string[]) => void;
  onPassword: (password: string) => void;
  onDisable: () => void;
  onEnable: () => void;
  onRemoveSecondFactor: () => void;
}

// Everything that can be changed about one account. Each change ends its sessions.
export function AccountPanel({
  account,
  busy,
  error,
  onClose,
  onRoles,
  onPassword,
  onDisable,
  onEnable,
  onRemoveSecondFactor,
}: AccountPanelProps) {
  const { t } = useWords();
  const [roles, setRoles] = useState<string[]>([...account.roles]);
  const [password, setPassword] = useState('');
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
    place.current?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
  }, []);
  const submit = (act: () => void) => (event: FormEvent) => {
    event.preventDefault();
    act();
  };
  return (
    <div ref={place}>
      <Panel
        title={t('accounts.change_of', { login: account.login })}
        actions={
          <Button size="xs" variant="default" onClick={onClose}>
            {t('action.close')}
          </Button>
        }
      >
        <div className="stack">
          {error === null ? null : <FailureNotice error={error} />}
          <form className="form" onSubmit={submit(() => onRoles(roles))}>
            <RoleBoxes organisation={account.organisation} roles={roles} onChange={setRoles} />
            <Group>
              <Button type="submit" variant="default" disabled={busy}>
                {t('accounts.roles_save')}
              </Button>
            </Group>
          </form>
          {account.kind === 'machine' ? null : (
            <form className="form" onSubmit={submit(() => onPassword(password))} autoComplete="off">
              <PasswordInput
                label={t('accounts.password')}
                description={t('accounts.password_about')}
                autoComplete="new-password"
                visibilityToggleButtonProps={{ 'aria-label': t('signin.show_password'), tabIndex: 0 }}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Group>
                <Button type="submit" variant="default" disabled={busy}>
                  {t('accounts.password_set')}
                </Button>
              </Group>
            </form>
          )}
          <Group>
            {account.state === 'active' ? (
              <Button color="red" disabled={busy} onClick={onDisable}>
                {t('accounts.disable')}
              </Button>
            ) : (
              <Button disabled={busy} onClick={onEnable}>
                {t('accounts.enable')}
              </Button>
            )}
            {account.second_factor ? (
              <Button variant="default" disabled={busy} onClick={onRemoveSecondFactor}>
                {t('accounts.second_factor_remove')}
              </Button>
            ) : null}
          </Group>
        </div>
      </Panel>
    </div>
  );
}
