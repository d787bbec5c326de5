import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsQuery } from '../api/queries';
import { useLabels } from '../shared/labels';
import { useMay } from '../shared/session_context';
import type { ChangeFilters } from '../shared/use_filters';
import { useWords } from '../words/words';
import { filterCount, INCIDENT_TYPES, SOURCES, STATES, type Filters } from './filters';

interface FilterBarProps {
  filters: Filters;
  onChange: ChangeFilters<Filters>;
  open: boolean;
  onToggle: (open: boolean) => void;
}

type Flag = 'urgent' | 'batched' | 'test';
const BEHIND_MORE: readonly (keyof Filters)[] = ['source', 'batched', 'test', 'from', 'to'];

function without(filters: Filters, name: keyof Filters): Filters {
  const rest = { ...filters };
  delete rest[name];
  return rest;
}

export function FilterBar({ filters, onChange, open, onToggle }: FilterBarProps) {
  const { t, tn } = useWords();
  const { label } = useLabels();
  const organisations = useQuery({ ...organisationsQuery, enabled: useMay('readOrganisations') });
  const set = (name: keyof Filters, value: string | number | boolean | undefined) =>
    onChange((now) => (value === undefined || value === '' ? without(now, name) : { ...now, [name]: value }));
  const codes = (list: string, values: readonly string[]) => [
    { value: '', label: t('filter.any') },
    ...values.map((value) => ({ value, label: label(list, value) })),
  ];
  const select = (name: 'state' | 'incident_type' | 'source', list: string, values: readonly string[]) => (
    <NativeSelect
      size="xs"
      label={t(`filter.${name}`)}
      value={filters[name] ?? ''}
      data={codes(list, values)}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  const flag = (name: Flag) => (
    <NativeSelect
      size="xs"
      label={t(`filter.${name}`)}
      value={filters[name] === undefined ? '' : String(filters[name])}
      data={[
        { value: '', label: t('filter.any') },
        { value: 'true', label: t('answer.yes') },
        { value: 'false', label: t('answer.no') },
      ]}
      onChange={(event) =>
        set(name, event.currentTarget.value === '' ? undefined : event.currentTarget.value === 'true')
      }
    />
  );
  const [more, setMore] = useState(false);
  const moreShown = more || BEHIND_MORE.some((name) => filters[name] !== undefined);
  const active = filterCount(filters);
  const hidden = open ? 'filters is-open' : 'filters';
  return (
    <search className="filter-bar" aria-label={t('filter.title')}>
      <Button
        className="filter-toggle"
        size="xs"
        variant="default"
        aria-expanded={open}
        onClick={() => onToggle(!open)}
      >
        {active === 0 ? t('filter.title') : tn('filter.active', active)}
      </Button>
      <div className={hidden}>
        {select('state', 'report_states', STATES)}
        {select('incident_type', 'incident_types', INCIDENT_TYPES)}
        {organisations.data === undefined ? null : (
          <NativeSelect
            size="xs"
            label={t('filter.organisation')}
            value={filters.organisation === undefined ? '' : String(filters.organisation)}
            data={[
              { value: '', label: t('filter.any') },
              ...organisations.data.map((one) => ({ value: String(one.id), label: one.name })),
            ]}
            onChange={(event) =>
              set('organisation', event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))
            }
          />
        )}
        {flag('urgent')}
        {moreShown ? (
          <>
            {select('source', 'report_sources', SOURCES)}
            {flag('batched')}
            {flag('test')}
            <TextInput
              size="xs"
              type="date"
              label={t('filter.from')}
              value={filters.from ?? ''}
              onChange={(event) => set('from', event.currentTarget.value)}
            />
            <TextInput
              size="xs"
              type="date"
              label={t('filter.to')}
              value={filters.to ?? ''}
              onChange={(event) => set('to', event.currentTarget.value)}
            />
          </>
        ) : (
          <Button size="xs" variant="subtle" onClick={() => setMore(true)}>
            {t('filter.more')}
          </Button>
        )}
        {active === 0 ? null : (
          <Button size="xs" variant="subtle" onClick={() => onChange(() => ({}))}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
    </search>
  );
}
