import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useLabels } from '../shared/labels';
import { FailureNotice, Panel } from '../shared/ui';
import { useWords } from '../words/words';

export interface NewOrganisation {
  name: string;
  kind: string;
  country: string;
  contact: string;
  test: boolean;
}

export function OrganisationForm({
  busy,
  error,
  onSubmit,
  onCancel,
}: {
  busy: boolean;
  error: unknown;
  onSubmit: (body: NewOrganisation) => void;
  onCancel: () => void;
}) {
  const { t } = useWords();
  const { choices } = useLabels();
  const [form, setForm] = useState<NewOrganisation>({ name: '', kind: 'esp', country: 'US', contact: '', test: false });
  const set = (changes: Partial<NewOrganisation>) => setForm({ ...form, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ ...form, name: form.name.trim() });
  };
  return (
    <Panel title={t('organisations.add')}>
      <form className="form" onSubmit={submit}>
        <TextInput
          label={t('organisations.name')}
          required
          withAsterisk={false}
          maxLength={200}
          autoFocus
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('organisations.kind')}
          value={form.kind}
          data={choices('organisation_kinds')}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('organisations.country')}
          value={form.country}
          data={choices('countries')}
          onChange={(event) => set({ country: event.currentTarget.value })}
        />
        <TextInput
          label={t('organisations.contact')}
          maxLength={500}
          value={form.contact}
          onChange={(event) => set({ contact: event.currentTarget.value })}
        />
        <Checkbox
          label={t('organisations.test')}
          description={t('organisations.test_about')}
          checked={form.test}
          onChange={(event) => set({ test: event.currentTarget.checked })}
        />
        {error === null ? null : <FailureNotice error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {t('organisations.add')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Panel>
  );
}
