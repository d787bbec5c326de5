// Goal: an administrator can let people and machines in and see how the machine is, and sees nothing of a case.
import { check, inspect } from './browser.mjs';

// Without a password of its own: one is made and shown once, except for machines.
async function addAccount(page, login, role, kind, look = '') {
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Kind').selectOption({ label: kind });
  await page.getByLabel(role, { exact: true }).check();
  if (look !== '') await inspect(page, look);
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('rowheader', { name: login }).waitFor();
  return login;
}

export const tests = {
  'an administrator has no reports': async ({ pageOf }) => {
    const page = await pageOf('admin');
    await page.goto('/console/');
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    check((await page.getByRole('link', { name: 'Reports' }).count()) === 0, 'no reports in the menu');
    await page.goto('/console/reports');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  },

  'an administrator adds an organisation': async ({ pageOf, run }) => {
    const page = await pageOf('admin');
    await page.goto('/console/organisations');
    await page.getByRole('button', { name: 'Add an organisation' }).click();
    await page.getByLabel('Name').fill(`Lantern Social ${run}`);
    await inspect(page, 'organisation-form');
    await page.getByRole('button', { name: 'Add an organisation' }).click();
    await page.getByRole('rowheader', { name: `Lantern Social ${run}` }).waitFor();
    await inspect(page, 'organisations');
  },

  'an administrator adds an account, changes it, disables it': async ({ pageOf, run }) => {
    const page = await pageOf('admin');
    await page.goto('/console/accounts');
    const login = await addAccount(page, `kit.${run}`, 'Tip intake analyst', 'Staff', 'account-form');
    const row = page.getByRole('row').filter({ hasText: login });
    await inspect(page, 'account-made');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    const change = page.getByRole('button', { name: `Change ${login}` });
    await change.click();
    await page.getByRole('region', { name: `Change ${login}` }).waitFor();
    await inspect(page, 'account-change');
    await page.getByRole('button', { name: 'Disable the account' }).click();
    await row.getByText('Disabled').waitFor();
    await change.click();
    await page.getByRole('button', { name: 'Enable the account' }).click();
    await row.getByText('Active').waitFor();
    await change.click();
    await page.getByLabel('Auditor', { exact: true }).check();
    await page.getByRole('button', { name: 'Save the roles' }).click();
    await row.getByText('Auditor').waitFor();
    await inspect(page, 'accounts');
  },

  'an administrator issues a token, sees it once, revokes it': async ({ pageOf, run }) => {
    const page = await pageOf('admin');
    await page.goto('/console/accounts');
    const login = await addAccount(page, `probe.${run}`, 'Monitoring agent (machine)', 'Machine');
    await page.goto('/console/tokens');
    await page.getByRole('button', { name: 'Issue a token' }).click();
    await page.getByLabel('Name').fill(`Nightly check ${run}`);
    const account = page.getByLabel('Account', { exact: true });
    await account.locator('option', { hasText: login }).first().waitFor({ state: 'attached' });
    await account.selectOption({ label: login });
    await inspect(page, 'token-form');
    await page.getByRole('button', { name: 'Issue a token' }).click();
    const secret = await page.locator('[data-secret]').textContent();
    check((secret ?? '').length >= 20, 'the token is shown');
    await inspect(page, 'token-secret');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    check((await page.getByText(secret ?? '').count()) === 0, 'the token is gone from the page');
    await page.getByRole('button', { name: `Revoke Nightly check ${run}` }).click();
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: `Nightly check ${run}` })
      .getByText('Revoked')
      .waitFor();
    await inspect(page, 'tokens');
  },

  'the status page says how the machine is': async ({ pageOf }) => {
    const page = await pageOf('admin');
    await page.goto('/console/status');
    for (const name of ['Background work', 'Storage', 'Audit log and program', 'Given-up jobs'])
      await page.getByRole('region', { name }).waitFor();
    await inspect(page, 'status');
  },

  'signing out ends the session': async ({ pageOf }) => {
    const page = await pageOf('admin');
    await page.goto('/console/status');
    await page.locator('.person-name').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const answer = await page.request.get('/api/v1/session');
    check(answer.status() === 401, 'the server has forgotten the session too');
  },
};
