// Goal: signing in never leads to another site.
import { describe, expect, it } from 'vitest';
import { returnPath } from './return_path';

const path = (to: string) => returnPath(new URLSearchParams({ to }));

describe('returnPath', () => {
  it('goes back to where people were', () => {
    expect(path('/reports?state=opened')).toBe('/reports?state=opened');
  });
  it('refuses everything else', () => {
    for (const bad of [
      '',
      'reports',
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/sign-in?to=/x',
    ]) {
      expect(path(bad)).toBe('/');
    }
  });
});
