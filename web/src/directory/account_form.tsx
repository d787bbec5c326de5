import { Button, Checkbox, Group, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Account, Organisation } from '../api/types';
import { FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { RoleBoxes } from './role_boxes';

export interface NewAccount {
  login: string;
  kind: Account['kind'];
  organisation: number;
  roles: string[];
  password: string;
  test_traffic: boolean;
}

const KINDS = ['staff', 'platform', 'machine'] as const;

export function AccountForm({
  busy,
  error,
  organisations,
  onSubmit,
  onCancel,
}: {
  busy: boolean;
  error: unknown;
  organisations: readonly Organisation[];
  onSubmit: (body: NewAccount) => void;
  onCancel: () => void;
}) {
  const { t } = useWords();
  const [form, setForm] = useState<NewAccount>({
    login: '',
    kind: 'staff',
    organisation: 0,
    roles: [],
    password: '',
    test_traffic: false,
  });
  const set = (changes: Partial<NewAccount>) => setForm({ ...form, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ ...form, login: form.login.trim(), password: form.kind === 'machine' ? '' : form.password });
  };
  const places = [
    { value: '0', label: t('accounts.centre') },
    ...organisations.map((one) => ({ value: String(one.id), label: one.name })),
  ];
  return (
    <Panel title={t('accounts.add')}>
      <form className="form" onSubmit={submit} autoComplete="off">
        <TextInput
          label={t('accounts.login')}
          name="new-login"
          required
          withAsterisk={false}
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          maxLength={100}
          value={form.login}
          onChange={(event) => set({ login: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('accounts.kind')}
          value={form.kind}
          data={KINDS.map((kind) => ({ value: kind, label: t(`account_kind.${kind}`) }))}
          onChange={(event) => set({ kind: KINDS.find((kind) => kind === event.currentTarget.value) ?? 'staff' })}
        />
        <NativeSelect
          label={t('accounts.organisation')}
          value={String(form.organisation)}
          data={places}
          onChange={(event) => set({ organisation: Number(event.currentTarget.value), roles: [] })}
        />
        <RoleBoxes organisation={form.organisation} roles={form.roles} onChange={(roles) => set({ roles })} />
        {form.kind === 'machine' ? null : (
          <PasswordInput
            label={t('accounts.password')}
            description={t('accounts.password_about')}
            name="new-password"
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signin.show_password'), tabIndex: 0 }}
            value={form.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
        )}
        <Checkbox
          label={t('accounts.test')}
          description={t('accounts.test_about')}
          checked={form.test_traffic}
          onChange={(event) => set({ test_traffic: event.currentTarget.checked })}
        />
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {t('accounts.add')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Panel>
  );
}
