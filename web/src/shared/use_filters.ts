import { useCallback, useMemo } from 'react';
import { useHref, useLocation, useSearchParams } from 'react-router';

// How a page's filters stand in the address bar.
export interface FilterForm<Filters> {
  filtersFrom: (search: URLSearchParams) => Filters;
  searchFrom: (filters: Filters) => URLSearchParams;
}

export type ChangeFilters<Filters> = (change: (now: Filters) => Filters) => void;

export interface AddressFilters<Filters> {
  filters: Filters; // As they are drawn.
  address: string; // The same, as text.
  change: ChangeFilters<Filters>;
}

// The filters of a page, kept in its address. A change starts from the address bar, not from what is drawn: on a slow
// machine drawing comes later, and of two quick changes the first would be lost. `form` must not change.
export function useFilters<Filters>(form: FilterForm<Filters>): AddressFilters<Filters> {
  const [search, setSearch] = useSearchParams();
  const address = search.toString();
  const path = useHref(useLocation().pathname);
  const filters = useMemo(() => form.filtersFrom(new URLSearchParams(address)), [form, address]);
  const change = useCallback<ChangeFilters<Filters>>(
    (next) => {
      if (window.location.pathname !== path) return; // The reader is on the way to another page, which is not drawn yet.
      setSearch(form.searchFrom(next(form.filtersFrom(new URLSearchParams(window.location.search)))));
    },
    [form, path, setSearch],
  );
  return { filters, address, change };
}
