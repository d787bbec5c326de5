// Goal: a file is shown to nobody who did not ask, never sharp at first, and to nobody for long; what cannot be shown says why.
import { brings, check, inspect, picture, until } from './browser.mjs';
import { fileWithFiles, rings } from './wire.mjs';

const COULD_SHOW = 'img, canvas, video, audio, picture, object, embed, iframe';
const VIEWED = '<fileViewedByEsp>true</fileViewedByEsp>';

const LONG_ENOUGH_S = 600; // For three looks of axe, on any machine.

let report = 0;

const fileItem = (page, number) => page.locator('.files > li').nth(number - 1);
const revealOf = (page, number) => fileItem(page, number).getByRole('button', { name: `Reveal file ${number}` });
const dialogOf = (page) => page.getByRole('dialog');

async function openReport(page) {
  await until('the gate decides', async () => {
    await page.goto(`/console/reports/${report}`);
    await page.getByRole('region', { name: 'Files' }).waitFor();
    for (const summary of await page.locator('.files summary').all()) await summary.click();
    await fileItem(page, 1).locator('.file-gate').waitFor();
    return (await revealOf(page, 1).count()) > 0;
  });
}

async function hideAfter(page, seconds) {
  await page.route('**/reveal', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), hide_after_seconds: seconds } });
  });
}

async function reveal(page, number, purpose = 'triage') {
  await revealOf(page, number).click();
  await dialogOf(page).getByLabel('What you look at it for').selectOption(purpose);
  await dialogOf(page).getByRole('button', { name: 'Show it, blurred' }).click();
  await dialogOf(page).locator('canvas[data-blur="strong"]').waitFor();
}

// How grey and how rough the canvas is.
function look(page) {
  return page.locator('canvas').evaluate((canvas) => {
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let colour = 0;
    let roughness = 0;
    for (let place = 0; place < data.length; place += 4) {
      colour += Math.abs(data[place] - data[place + 1]) + Math.abs(data[place] - data[place + 2]);
      if (place >= 4 && (place / 4) % width !== 0) roughness += (data[place] - data[place - 4]) ** 2;
    }
    return { colour, roughness: roughness / (data.length / 4), width, height };
  });
}

export const tests = {
  'nothing is shown by itself, and each file says whether it may be opened': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    report = await fileWithFiles(baseUrl, people.platform, `reveal-${run}`, [
      {
        name: 'a.png',
        bytes: rings(900, 600),
        details: `${VIEWED}<industryClassification>B1</industryClassification>`,
      },
      { name: 'b.png', bytes: rings(300, 200), details: '' },
      { name: 'c.txt', bytes: 'Synthetic words.', details: VIEWED },
      { name: 'd.png', bytes: rings(300, 200).subarray(0, 90), details: VIEWED },
    ]);
    const page = await pageOf('supervisor');
    await openReport(page);
    check((await page.locator(COULD_SHOW).count()) === 0, 'no element can show a file');
    await fileItem(page, 1).getByText('May be opened').waitFor();
    await fileItem(page, 2).getByText('Stays closed').waitFor();
    check((await revealOf(page, 2).count()) === 0, 'a closed file has nothing to press');
    await fileItem(page, 3).getByText('There is no preview of this kind of file').waitFor();
    check((await revealOf(page, 3).count()) === 0, 'what has no preview has nothing to press');
    await fileItem(page, 1).scrollIntoViewIfNeeded();
    await inspect(page, 'files-gate');
  },

  'a reveal asks for its purpose and is blurred, grey and small': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await hideAfter(page, LONG_ENOUGH_S);
    await openReport(page);
    await revealOf(page, 1).click();
    const dialog = dialogOf(page);
    await dialog.getByText('The platform calls it').waitFor();
    check(await dialog.getByRole('button', { name: 'Show it, blurred' }).isDisabled(), 'not without a purpose');
    check((await page.locator(COULD_SHOW).count()) === 0, 'the dialog shows nothing yet');
    await inspect(page, 'reveal-asking');
    await dialog.getByLabel('What you look at it for').selectOption('imminent_danger');
    const response = await brings(
      page.waitForResponse((one) => one.url().endsWith('/reveal')),
      () => dialog.getByRole('button', { name: 'Show it, blurred' }).click(),
    );
    check(response.headers()['cache-control'] === 'no-store', 'nothing keeps it');
    const shown = page.getByRole('img', { name: /^Preview of file 1 of report \d+: .*in grey\. Strongly blurred\.$/ });
    await shown.waitFor();
    await page.locator('canvas[data-blur="strong"]').waitFor();
    const seen = await look(page);
    check(seen.colour === 0, 'it has no colour');
    check(seen.width === 480 && seen.height === 320, `it is small: ${seen.width} x ${seen.height}`);
    check(seen.roughness < 20, `it is blurred: ${seen.roughness}`);
    await inspect(page, 'reveal-strong');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  },

  'less blur is a key and a step, without blur is asked for twice, more blur asks nobody': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await hideAfter(page, LONG_ENOUGH_S);
    await openReport(page);
    await reveal(page, 1);
    const strong = await look(page);
    let asked = 0;
    page.on('request', (request) => (asked += request.url().endsWith('/reveal') ? 1 : 0));
    await page.keyboard.press('+');
    await page.locator('canvas[data-blur="light"]').waitFor();
    const light = await look(page);
    await page.keyboard.press('+');
    await dialogOf(page).getByText('Is it needed?').waitFor();
    check((await page.locator('canvas[data-blur="light"]').count()) === 1, 'the first press only asks');
    check(asked === 1, 'nothing was asked of the server');
    await picture(page, 'reveal-sharp-asked');
    await page.keyboard.press('+');
    await page.locator('canvas[data-blur="none"]').waitFor();
    const none = await look(page);
    check(strong.roughness < light.roughness && light.roughness < none.roughness, 'each step is sharper');
    check(none.colour === 0, 'even then without colour');
    await inspect(page, 'reveal-none');
    await page.keyboard.press('-');
    await page.locator('canvas[data-blur="light"]').waitFor();
    await page.keyboard.press('-');
    await page.locator('canvas[data-blur="strong"]').waitFor();
    check(asked === 2, `going back asks nobody (${asked})`);
    await brings(
      page.waitForRequest((request) => /\/reveals\/\d+\/end$/.test(request.url())),
      () => page.keyboard.press('Escape'),
    );
    await dialogOf(page).waitFor({ state: 'hidden' });
    check(page.url().endsWith(`/reports/${report}`), 'the same key does not leave the report as well');
    check((await page.locator(COULD_SHOW).count()) === 0, 'nothing is left that could show it');
    await fileItem(page, 1)
      .getByText(/^Revealed \d+ times\.$/)
      .waitFor();
    await revealOf(page, 1).and(page.locator(':focus')).waitFor(); // The focus is where it was.
  },

  'it hides when the window is left, and by itself': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await openReport(page);
    await reveal(page, 1);
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await dialogOf(page).waitFor({ state: 'hidden' });
    await hideAfter(page, 4);
    await reveal(page, 1);
    await dialogOf(page).waitFor({ state: 'hidden' });
    check((await page.locator(COULD_SHOW).count()) === 0, 'nothing is left that could show it');
  },

  'what cannot be shown says why in plain words': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await openReport(page);
    await revealOf(page, 4).click();
    await dialogOf(page).getByLabel('What you look at it for').selectOption('triage');
    await dialogOf(page).getByRole('button', { name: 'Show it, blurred' }).click();
    await dialogOf(page).getByText('The file is damaged and no preview can be made.').waitFor();
    await inspect(page, 'reveal-damaged');
    await page.route('**/reveal', (route) =>
      route.fulfill({ status: 429, json: { error: { code: 'too_many_requests', message: 'x', field: 'exposure' } } }),
    );
    await dialogOf(page).getByRole('button', { name: 'Show it, blurred' }).click();
    await dialogOf(page).getByText('Your limit of revealed files for today is reached.').waitFor();
    check((await page.locator(COULD_SHOW).count()) === 0, 'nothing was shown');
  },

  'every reveal stands in the report’s trail': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    const trail = await (await page.request.get(`/api/v1/reports/${report}/audit`)).json();
    const opens = trail.items.filter((one) => one.action === 'evidence.file.open' && !one.denied);
    check(opens.length >= 7, `each is recorded: ${opens.length}`);
    check(
      opens.every((one) => one.purpose !== ''),
      'each with its purpose',
    );
  },

  'a supervisor sees how much people had to look at': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await page.goto('/console/exposure');
    await page.getByRole('region', { name: 'Today, by person' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('region', { name: 'By day' }).getByText('too few people').first().waitFor();
    await inspect(page, 'exposure');
  },

  'who may not look at files finds no way to': async ({ pageOf }) => {
    const analyst = await pageOf('analyst');
    await analyst.goto(`/console/reports/${report}`);
    await analyst.locator('.files summary').first().click();
    await fileItem(analyst, 1).getByText('May be opened').waitFor();
    check((await revealOf(analyst, 1).count()) === 0, 'the gate is open, but not for this account');
    const page = await pageOf('auditor');
    const answer = await page.request.get('/api/v1/exposure');
    check(answer.status() === 403, 'not even how much others looked at');
    await page.goto('/console/exposure');
    await page.getByText('This page does not exist, or it is not for your account.').waitFor();
  },

  'Spanish is complete in the dialog': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await openReport(page);
    await page.evaluate(() => localStorage.setItem('porchlight-language', 'es'));
    await page.reload();
    await page.locator('.files summary').first().click();
    await page.getByRole('button', { name: 'Mostrar el archivo 1' }).click();
    await dialogOf(page).getByLabel('Para qué lo mira').selectOption('triage');
    await dialogOf(page).getByRole('button', { name: 'Mostrarlo difuminado' }).click();
    await page.getByRole('img', { name: /en gris\. Muy difuminado\.$/ }).waitFor();
    await inspect(page, 'reveal-es');
    await page.evaluate(() => localStorage.setItem('porchlight-language', 'en'));
  },
};
