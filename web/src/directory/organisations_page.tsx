import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client';
import { organisationsQuery } from '../api/queries';
import type { Organisation } from '../api/types';
import { useLabels } from '../shared/labels';
import { useMay } from '../shared/session_context';
import { Chip, Loaded, Page } from '../shared/ui';
import { useAction } from '../shared/use_action';
import { useWords } from '../words/words';
import { OrganisationForm, type NewOrganisation } from './organisation_form';

function OrganisationTable({ items }: { items: readonly Organisation[] }) {
  const { t } = useWords();
  const { label } = useLabels();
  if (items.length === 0) return <p className="empty">{t('organisations.none')}</p>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('organisations.title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('organisations.name')}</th>
            <th scope="col">{t('organisations.kind')}</th>
            <th scope="col">{t('organisations.country')}</th>
            <th scope="col">{t('organisations.contact')}</th>
            <th scope="col" className="number">
              {t('organisations.number')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {one.name} {one.test ? <Chip>{t('flag.test')}</Chip> : null}
              </th>
              <td>{label('organisation_kinds', one.kind)}</td>
              <td>{label('countries', one.country)}</td>
              <td>{one.contact ?? ''}</td>
              <td className="number">{one.id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function OrganisationsPage() {
  const { t } = useWords();
  const organisations = useQuery(organisationsQuery);
  const mayWrite = useMay('writeOrganisations');
  const [adding, setAdding] = useState(false);
  const { run, busy, error } = useAction(organisationsQuery.queryKey);
  const add = async (body: NewOrganisation) => {
    const made = await run(() => take(api.POST('/api/v1/organisations', { body })));
    if (made !== undefined) setAdding(false);
  };
  return (
    <Page
      title={t('organisations.title')}
      lead={t('organisations.about')}
      actions={
        mayWrite && !adding ? <Button onClick={() => setAdding(true)}>{t('organisations.add')}</Button> : undefined
      }
    >
      {adding ? (
        <OrganisationForm
          busy={busy}
          error={error}
          onSubmit={(body) => void add(body)}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      <Loaded query={organisations}>{(items) => <OrganisationTable items={items} />}</Loaded>
    </Page>
  );
}
