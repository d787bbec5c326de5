import { NativeSelect } from '@mantine/core';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';

// Every reading of a report is written into the audit log with its purpose. Choosing another one reads it again.
export function PurposePicker({ purpose, onPick }: { purpose: string; onPick: (purpose: string) => void }) {
  const { t } = useWords();
  const { choices } = useLabels();
  const data = choices('audit_purposes');
  return (
    <NativeSelect
      className="purpose"
      size="xs"
      label={t('purpose.label')}
      description={t('purpose.about')}
      value={purpose}
      data={
        data.some((one) => one.value === purpose)
          ? data
          : [{ value: purpose, label: purpose === '' ? t('purpose.choose') : purpose }, ...data]
      }
      onChange={(event) => onPick(event.currentTarget.value)}
    />
  );
}
