import { Checkbox } from '@mantine/core';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';
import { roleChoices } from './roles';

export function RoleBoxes({ roles, onChange }: { roles: readonly string[]; onChange: (roles: string[]) => void }) {
  const { t } = useWords();
  const labels = useLabels();
  const choices = roleChoices(labels);
  const unknown = roles.filter((role) => !choices.some((choice) => choice.value === role)).map((role) => ({ value: role, label: labels.label('roles', role) }));
  return (
    <Checkbox.Group label={t('accounts.roles')} value={[...roles]} onChange={onChange}>
      <div className="role-boxes">
        {[...choices, ...unknown].map((choice) => <Checkbox key={choice.value} value={choice.value} label={choice.label} />)}
      </div>
    </Checkbox.Group>
  );
}
