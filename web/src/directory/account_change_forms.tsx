import { Button, Group, PasswordInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { RoleBoxes } from './role_boxes';

interface ChangeProps {
  login: string;
  busy: boolean;
  error: unknown;
  onCancel: () => void;
}

function ChangeForm({ title, submit, busy, error, onSubmit, onCancel, children }: Omit<ChangeProps, 'login'> & {
  title: string; submit: string; onSubmit: () => void; children: ReactNode;
}) {
  const { t } = useWords();
  const onForm = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Panel title={title}>
      <form className="form" onSubmit={onForm} autoComplete="off">
        {children}
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy}>{submit}</Button>
          <Button variant="default" onClick={onCancel}>{t('action.cancel')}</Button>
        </Group>
      </form>
    </Panel>
  );
}

export function PasswordForm({ login, onSubmit, ...rest }: ChangeProps & { onSubmit: (password: string) => void }) {
  const { t } = useWords();
  const [password, setPassword] = useState('');
  return (
    <ChangeForm {...rest} title={t('accounts.password_of', { login })} submit={t('accounts.password_set')} onSubmit={() => onSubmit(password)}>
      <PasswordInput label={t('accounts.password')} description={t('accounts.password_about')} autoComplete="new-password" required withAsterisk={false} autoFocus
        visibilityToggleButtonProps={{ 'aria-label': t('signin.show_password'), tabIndex: 0 }}
        value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
    </ChangeForm>
  );
}

export function RolesForm({ login, roles, onSubmit, ...rest }: ChangeProps & { roles: readonly string[]; onSubmit: (roles: string[]) => void }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string[]>([...roles]);
  return (
    <ChangeForm {...rest} title={t('accounts.roles_of', { login })} submit={t('accounts.roles_save')} onSubmit={() => onSubmit(chosen)}>
      <RoleBoxes roles={chosen} onChange={setChosen} />
    </ChangeForm>
  );
}
