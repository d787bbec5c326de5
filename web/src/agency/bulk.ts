import type { DeliveryRow } from '../api/types';

const PACKAGES_AT_ONCE = 50;
const REPORTS_AT_ONCE = 200;

function inParts(rows: readonly DeliveryRow[], most: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from < rows.length; from += most)
    parts.push(
      rows
        .slice(from, from + most)
        .map((row) => row.id)
        .join(','),
    );
  return parts;
}

// Where the packages of these deliveries are fetched: one by itself, several in one archive, very many in several.
export function packagesOf(rows: readonly DeliveryRow[]): string[] {
  if (rows.length === 1) return rows.map((row) => `/api/v1/agency/deliveries/${row.id}/package`);
  return inParts(rows, PACKAGES_AT_ONCE).map((ids) => `/api/v1/agency/packages?ids=${ids}`);
}

// Where their data is fetched as a table.
export function dataOf(rows: readonly DeliveryRow[]): string[] {
  return inParts(rows, REPORTS_AT_ONCE).map((ids) => `/api/v1/agency/export?format=csv&ids=${ids}`);
}
