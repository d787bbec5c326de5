// Goal: anybody can report through the public form with nothing but a browser: no script, no cookie, nothing kept.
import { check, inspect } from './browser.mjs';

const FASTEST_PERSON_MS = 3_200; // The form takes whoever is quicker for a machine.

async function answerDanger(page, choice) {
  await page.goto('/report');
  await page.getByLabel(choice, { exact: true }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForLoadState();
}

async function fill(page, words) {
  await page.getByLabel('Kind of incident').selectOption({ index: 3 });
  await page.getByLabel('What happened (needed)').fill(words);
  await page.getByLabel('Web addresses').fill('https://kitebook.example/u/somebody');
  await page.waitForTimeout(FASTEST_PERSON_MS);
  await page.getByRole('button', { name: 'Send the report' }).click();
  await page.waitForLoadState();
}

async function keepsNothing(page) {
  const kept = await page.evaluate(() => document.cookie.length + localStorage.length + sessionStorage.length);
  check(kept === 0 && (await page.context().cookies()).length === 0, 'nothing is kept on the device');
}

export const tests = {
  'without a script, a report is filed and its number shown': async ({ plainPage, pageOf }) => {
    const page = await plainPage();
    await answerDanger(page, 'No');
    await fill(page, 'A made-up account offers made-up pictures.');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    const number = await page.locator('.receipt strong').textContent();
    check(/^\d+$/.test(number ?? ''), `a number is shown (${number})`);
    await keepsNothing(page);
    const console = await pageOf('analyst');
    await console.goto(`/console/reports/${number}`);
    await console.getByText('A made-up account offers made-up pictures.').first().waitFor();
  },

  'who says a child is in danger sees help first': async ({ strangerPage }) => {
    const page = await strangerPage();
    await answerDanger(page, 'Yes');
    await page.getByRole('heading', { name: 'Get help first' }).waitFor();
    await inspect(page, 'form-help');
    await page.getByRole('button', { name: 'Go on to the report' }).click();
    await page.getByRole('heading', { name: 'What happened', level: 1 }).waitFor();
  },

  'every step is accessible, and a mistake is named beside its field': async ({ strangerPage }) => {
    const page = await strangerPage();
    await page.goto('/report');
    await inspect(page, 'form-start');
    await answerDanger(page, 'I am not sure');
    await page.getByRole('button', { name: 'Go on to the report' }).click();
    await inspect(page, 'form');
    await page.getByLabel('Email').fill('not an address');
    await page.getByRole('button', { name: 'Send the report' }).click();
    const problems = page.getByRole('alert');
    await problems.getByRole('link').first().waitFor();
    check((await problems.getByRole('link').count()) === 3, 'three mistakes are listed');
    const email = page.getByLabel('Email');
    check((await email.inputValue()) === 'not an address', 'what was written is still there');
    check((await email.getAttribute('aria-invalid')) === 'true', 'the field itself says so');
    check((await page.locator('#your_email-problem').textContent()) !== '', 'and why, beside it');
    await inspect(page, 'form-mistakes');
    await fill(page, 'A made-up account writes to a made-up child.');
    await page.getByRole('alert').waitFor(); // The wrong address is still named.
    check((await page.getByRole('alert').getByRole('link').count()) === 1, 'nothing else is');
    await page.getByLabel('Email').fill('');
    await fill(page, 'A made-up account writes to a made-up child.');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await inspect(page, 'form-receipt');
    await keepsNothing(page);
  },

  'it is there in Spanish': async ({ strangerPage }) => {
    const page = await strangerPage();
    await page.goto('/report');
    await page.getByRole('link', { name: 'Español' }).click();
    await page.locator('html[lang="es"]').waitFor();
    check(!(await page.locator('main').textContent()).includes('Continue'), 'no English is left');
    await inspect(page, 'form-start-es');
  },

  'three presses of Escape leave the page': async ({ strangerPage }) => {
    const page = await strangerPage();
    await page.goto('/report');
    await page.route('https://www.weather.gov/**', (route) =>
      route.fulfill({ body: 'weather', contentType: 'text/html' }),
    );
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
    await page.waitForURL('https://www.weather.gov/**');
    page.problems.length = 0; // The one request to another place that is meant.
  },
};
