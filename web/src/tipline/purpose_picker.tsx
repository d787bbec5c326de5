import { Button, NativeSelect } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';

// Restricted fields are shown to those who may see them, for a purpose that is written into the audit log.
export function PurposePicker({ purpose, onPick }: { purpose: string; onPick: (purpose: string) => void }) {
  const { t } = useWords();
  const { choices, label } = useLabels();
  const [picked, setPicked] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (picked !== '') onPick(picked);
  };
  if (purpose !== '') {
    return <p className="purpose-shown">{t('purpose.shown', { purpose: label('audit_purposes', purpose) })}</p>;
  }
  return (
    <form className="purpose" onSubmit={submit}>
      <NativeSelect size="xs" label={t('purpose.label')} description={t('purpose.about')} value={picked}
        data={[{ value: '', label: t('purpose.choose') }, ...choices('audit_purposes')]} onChange={(event) => setPicked(event.currentTarget.value)} />
      <Button type="submit" size="xs" variant="default" disabled={picked === ''}>{t('purpose.submit')}</Button>
    </form>
  );
}
