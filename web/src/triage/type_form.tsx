import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { TipRow } from '../api/types';
import { useLabels } from '../shared/labels';
import { INCIDENT_TYPES } from '../tipline/filters';
import { useWords } from '../words/words';
import { acts } from './acts';
import type { TipWork } from './use_tip';

// What the incident really is. What was submitted stays as it is; the rules judge again.
export function TypeForm({ tip, work }: { tip: TipRow; work: TipWork }) {
  const { t } = useWords();
  const { label } = useLabels();
  const [chosen, setChosen] = useState(tip.incident_type);
  return (
    <form
      className="type-form"
      onSubmit={(event) => {
        event.preventDefault();
        void work.act('type', () => acts.type(tip.report_id, chosen));
      }}
    >
      <NativeSelect
        size="xs"
        label={t('work.type')}
        value={chosen}
        data={INCIDENT_TYPES.map((value) => ({ value, label: label('incident_types', value) }))}
        onChange={(event) =>
          setChosen(INCIDENT_TYPES.find((one) => one === event.currentTarget.value) ?? tip.incident_type)
        }
      />
      <Button size="xs" variant="default" type="submit" disabled={work.busy || chosen === tip.incident_type}>
        {t('work.type_save')}
      </Button>
    </form>
  );
}
