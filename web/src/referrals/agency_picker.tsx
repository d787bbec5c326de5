import { useQuery } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import type { Agency } from '../api/types';
import { useLabels } from '../shared/labels';
import { useWords } from '../words/words';
import { agenciesQuery } from './queries';

const SHOWN_MAX = 8;

// Agencies whose name, code or places hold every word that was typed.
export function matching(agencies: readonly Agency[], typed: string, nameOf: (place: string) => string): Agency[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return agencies.filter((one) => {
    const text = `${one.name} ${one.code} ${one.serves.map(nameOf).join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

// Finds one agency of the directory by name, country or state.
export function AgencyPicker({ onPick }: { onPick: (agency: Agency) => void }) {
  const { t } = useWords();
  const { label } = useLabels();
  const id = useId();
  const [typed, setTyped] = useState('');
  const { data } = useQuery(agenciesQuery);
  const found = useMemo(() => {
    const nameOf = (place: string) => {
      const [country = '', region] = place.split('-');
      return `${place} ${label('countries', country)} ${region === undefined ? '' : label('states', region)}`;
    };
    return matching(data?.items ?? [], typed, nameOf).slice(0, SHOWN_MAX);
  }, [data, typed, label]);
  return (
    <div className="agency-picker">
      <label htmlFor={id}>{t('routing.search')}</label>
      <input
        id={id}
        type="search"
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <div role="status">
        <ul>
          {found.map((one) => (
            <li key={one.code}>
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  onPick(one);
                  setTyped('');
                }}
              >
                {one.name}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
