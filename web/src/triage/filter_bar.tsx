import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsQuery } from '../api/queries';
import { useLabels } from '../shared/labels';
import { useMay } from '../shared/session_context';
import type { ChangeFilters } from '../shared/use_filters';
import { INCIDENT_TYPES, SOURCES } from '../tipline/filters';
import { useWords } from '../words/words';
import {
  CLAIMS,
  COMPLETENESS_BOUNDS,
  filterCount,
  filtersFrom,
  LEVELS,
  searchFrom,
  WAITING_STATES,
  type QueueFilters,
} from './filters';
import { levelWord } from './marks';

interface FilterBarProps {
  filters: QueueFilters;
  onChange: ChangeFilters<QueueFilters>;
  open: boolean;
  onToggle: (open: boolean) => void;
}

interface Choice {
  value: string;
  label: string;
}

const BEHIND_MORE: readonly (keyof QueueFilters)[] = ['source', 'state', 'bundled', 'completeness_below', 'from', 'to'];

export function QueueFilterBar({ filters, onChange, open, onToggle }: FilterBarProps) {
  const { t, tn } = useWords();
  const { label } = useLabels();
  const organisations = useQuery({ ...organisationsQuery, enabled: useMay('readOrganisations') });
  const [more, setMore] = useState(false);
  const moreShown = more || BEHIND_MORE.some((name) => filters[name] !== undefined);
  const active = filterCount(filters);

  // Through the address and back: what comes out of a field is read as strictly as what comes out of a link.
  const set = (name: keyof QueueFilters, value: string) =>
    onChange((now) => {
      const search = searchFrom(now);
      if (value === '') search.delete(name);
      else search.set(name, value);
      return filtersFrom(search);
    });
  const select = (name: keyof QueueFilters, text: string, choices: readonly Choice[]) => (
    <NativeSelect
      size="xs"
      label={text}
      value={filters[name] === undefined ? '' : String(filters[name])}
      data={[{ value: '', label: t('filter.any') }, ...choices]}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  const codes = (list: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: label(list, value) }));
  const yesNo: Choice[] = [
    { value: 'true', label: t('answer.yes') },
    { value: 'false', label: t('answer.no') },
  ];
  const date = (name: 'from' | 'to') => (
    <TextInput
      size="xs"
      type="date"
      label={t(`filter.${name}`)}
      value={filters[name] ?? ''}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  const levels = LEVELS.map((level) => ({ value: String(level), label: `${level} ${t(levelWord(level))}` }));
  const claims = CLAIMS.map((claim) => ({ value: claim, label: t(`queue_filter.claimed.${claim}`) }));
  const bounds = COMPLETENESS_BOUNDS.map((percent) => ({
    value: String(percent),
    label: t('queue_filter.completeness_below', { percent }),
  }));
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
      <div className={open ? 'filters queue-filters is-open' : 'filters queue-filters'}>
        {select('level', t('queue_filter.level'), levels)}
        {select('urgent', t('queue_filter.urgent'), yesNo)}
        {select('claimed', t('queue_filter.claimed'), claims)}
        {select('incident_type', t('filter.incident_type'), codes('incident_types', INCIDENT_TYPES))}
        {organisations.data === undefined
          ? null
          : select(
              'organisation',
              t('filter.organisation'),
              organisations.data.map((one) => ({ value: String(one.id), label: one.name })),
            )}
        {moreShown ? (
          <>
            {select('source', t('filter.source'), codes('report_sources', SOURCES))}
            {select('state', t('filter.state'), codes('report_states', WAITING_STATES))}
            {select('bundled', t('queue_filter.bundled'), yesNo)}
            {select('completeness_below', t('queue_filter.completeness'), bounds)}
            {date('from')}
            {date('to')}
          </>
        ) : (
          <Button size="xs" variant="subtle" onClick={() => setMore(true)}>
            {t('filter.more')}
          </Button>
        )}
        {active === 0 ? null : (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => onChange((now) => (now.sort === undefined ? {} : { sort: now.sort }))}
          >
            {t('filter.clear')}
          </Button>
        )}
      </div>
    </search>
  );
}
