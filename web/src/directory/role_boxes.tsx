import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { codeListsQuery } from '../api/queries';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';
import { fittingRoles } from './roles';

// `organisation`: whose account it is; 0 is the centre.
export function RoleBoxes({
  organisation,
  roles,
  onChange,
}: {
  organisation: number;
  roles: readonly string[];
  onChange: (roles: string[]) => void;
}) {
  const { t } = useWords();
  const { label } = useLabels();
  const { data } = useQuery(codeListsQuery);
  const offered = [...new Set([...fittingRoles(data ?? {}, organisation), ...roles])];
  return (
    <Checkbox.Group label={t('accounts.roles')} value={[...roles]} onChange={onChange}>
      <div className="role-boxes">
        {offered.map((role) => (
          <Checkbox key={role} value={role} label={label('roles', role)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
