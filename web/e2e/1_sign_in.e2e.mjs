// Goal: only the right person gets in, and comes back to where they wanted to go.
import { check, inspect } from './browser.mjs';

export const tests = {
  'a stranger is asked to sign in, and the page is accessible': async ({ strangerPage }) => {
    const page = await strangerPage();
    await page.goto('/console/reports?state=finished');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    check(new URL(page.url()).searchParams.get('to') === '/reports?state=finished', 'the wanted page is remembered');
    await inspect(page, 'sign-in');
  },

  'a wrong password is refused without saying what was wrong': async ({ strangerPage, run }) => {
    const page = await strangerPage();
    await page.goto('/console/');
    await page.getByLabel('Login').fill(`nobody-${run}`);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    check((await page.getByLabel('Login').inputValue()) === `nobody-${run}`, 'what was typed stays');
  },

  'an analyst signs in with a second factor': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.goto('/console/');
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    check((await page.getByRole('link', { name: 'Accounts' }).count()) === 0, 'an analyst has no accounts room');
  },

  'a room without permission looks like one that does not exist': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    for (const path of ['/console/accounts', '/console/no-such-room']) {
      await page.goto(path);
      await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    }
  },
};
