// Goal: nobody scrolls through roles that cannot be given. Method: a list of three.
import { describe, expect, it } from 'vitest';
import type { CodeLists } from '../api/types';
import { fittingRoles } from './roles';

const role = (code: string, maps_to: Record<string, string>) => ({ code, labels: {}, maps_to });
const LISTS: CodeLists = {
  roles: [role('auditor', { outside: 'false' }), role('esp_reporter', { outside: 'true' }), role('any', {})],
};

describe('fittingRoles', () => {
  it('offers the centre its own roles and outsiders theirs', () => {
    expect(fittingRoles(LISTS, 0)).toEqual(['auditor', 'any']);
    expect(fittingRoles(LISTS, 7)).toEqual(['esp_reporter', 'any']);
    expect(fittingRoles({}, 0)).toEqual([]);
  });
});
