// Goal: an auditor reads the log and nothing else.
import { check, inspect } from './browser.mjs';

export const tests = {
  'an auditor reads the audit log page by page': async ({ pageOf, people }) => {
    if (people.auditor.login === '') return;
    const page = await pageOf('auditor');
    await page.goto('/console/');
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    check(
      (await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link').count()) === 1,
      'the log is the only room',
    );
    await page.locator('.trail li').first().waitFor();
    await inspect(page, 'audit');
    const older = page.getByRole('button', { name: 'Older entries' });
    if ((await older.count()) === 0) return;
    const before = await page.locator('.trail li').count();
    await older.click();
    await page.waitForFunction((count) => document.querySelectorAll('.trail li').length > count, before);
  },
};
