import { describe, expect, it } from 'vitest';
import type { DeliveryRow } from '../api/types';
import { dataOf, packagesOf } from './bulk';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1 }) as DeliveryRow);

describe('fetching many deliveries', () => {
  it('asks for one by itself, for several at once, and never for more than the server gives', () => {
    expect(packagesOf(rows(0))).toEqual([]);
    expect(packagesOf(rows(1))).toEqual(['/api/v1/agency/deliveries/1/package']);
    expect(packagesOf(rows(2))).toEqual(['/api/v1/agency/packages?ids=1,2']);
    expect(packagesOf(rows(50))).toHaveLength(1);
    expect(packagesOf(rows(51))[1]).toBe('/api/v1/agency/packages?ids=51');
    expect(dataOf(rows(200))).toHaveLength(1);
    expect(dataOf(rows(201))).toHaveLength(2);
  });
});
