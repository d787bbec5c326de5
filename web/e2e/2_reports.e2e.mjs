// Goal: reports appear by themselves, nothing jumps, and a report can be read with the keyboard alone.
import { brings, check, inspect, picture, pressUntilFocused, SLOWER, until } from './browser.mjs';
import { fileReport } from './wire.mjs';

const ARRIVAL_MS_MAX = 30_000; // Of a demonstration's own traffic; a report filed here must be there in two seconds.
const SHOWN_MS_MAX = 2000;

async function openList(pageOf, search = '') {
  const page = await pageOf('analyst');
  await page.goto(`/console/reports${search}`);
  await page.locator('[data-report]').first().waitFor();
  return page;
}

const newestId = async (page) => Number(await page.locator('[data-report]').first().getAttribute('data-report'));

// Files a report if there is a platform's login, else waits for the demonstration's traffic.
async function arrival({ baseUrl, people, run }, page, since) {
  if (people.platform.login === '') {
    await page.waitForFunction(
      (id) => Number(document.querySelector('[data-report]')?.getAttribute('data-report')) > id,
      since,
      { timeout: ARRIVAL_MS_MAX },
    );
    return newestId(page);
  }
  const id = await fileReport(baseUrl, people.platform, `arrival-${run}`);
  const filed = Date.now();
  await page.waitForFunction((one) => document.querySelector(`[data-report="${one}"]`) !== null, id);
  const shownAfter = Date.now() - filed;
  check(shownAfter < SHOWN_MS_MAX * SLOWER, `it is shown within ${SHOWN_MS_MAX * SLOWER} ms (${shownAfter} ms)`);
  return id;
}

export const tests = {
  'the list shows reports and is accessible': async ({ pageOf }) => {
    const page = await openList(pageOf);
    await page.getByText('Live', { exact: true }).waitFor();
    await inspect(page, 'reports');
  },

  'a new report appears by itself': async (context) => {
    const page = await openList(context.pageOf);
    await page.getByText('Live', { exact: true }).waitFor();
    const before = await newestId(page);
    const id = await arrival(context, page, before);
    check(id > before, 'the newest report is on top');
  },

  'while a row further down has the focus nothing moves, and the new ones are counted': async (context) => {
    const page = await openList(context.pageOf);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByLabel('From', { exact: true }).waitFor(); // The last of the filters to come: the rows move for it.
    await page.locator('[data-report]').first().focus();
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('j');
    const focused = page.locator('[data-report]:focus');
    const id = await focused.getAttribute('data-report');
    const place = await focused.boundingBox();
    if (context.people.platform.login !== '')
      await fileReport(context.baseUrl, context.people.platform, `held-${context.run}`);
    const pill = page.getByRole('button', { name: /new reports?/ });
    await pill.waitFor({ timeout: ARRIVAL_MS_MAX });
    const after = await page.locator('[data-report]:focus').boundingBox();
    check((await page.locator('[data-report]:focus').getAttribute('data-report')) === id, 'the same row has the focus');
    check(after?.y === place?.y, `the row stayed where it was (${place?.y} and ${after?.y})`);
    await picture(page, 'reports-waiting');
    const top = await newestId(page);
    await page.keyboard.press('n');
    await page.waitForFunction(
      (known) => Number(document.querySelector('[data-report]')?.getAttribute('data-report')) > known,
      top,
    );
  },

  'filters live in the address': async ({ pageOf }) => {
    const page = await openList(pageOf);
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Source').selectOption('platform');
    await page.waitForURL(/source=platform/);
    await page.reload();
    await page.locator('[data-report]').first().waitFor();
    check((await page.getByLabel('Source').inputValue()) === 'platform', 'a copied address restores the filter');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL((url) => !url.search.includes('source'));
  },

  'the keyboard alone: help, list, report, back to the same row': async ({ pageOf }) => {
    const page = await openList(pageOf);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await inspect(page, 'keyboard-help');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const id = await page.locator('[data-report]:focus').getAttribute('data-report');
    check(id !== null, 'j moves to a row');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Report ${id}` }).waitFor();
    await page.getByRole('region', { name: 'Files' }).waitFor();
    await page.keyboard.press('u');
    await page.locator(`[data-report="${id}"]`).waitFor();
    check(
      (await page.locator('[data-active-row]').getAttribute('data-report')) === id,
      'the list opens at the same row',
    );
    // One key after the other within a moment, which a slow page may miss.
    await until('g and c lead to the counts', async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('c');
      return page.getByRole('heading', { name: 'Counts' }).isVisible();
    });
  },

  'of two quick keys from report to report none is lost': async ({ pageOf }) => {
    const page = await openList(pageOf);
    const rows = page.locator('[data-report]');
    await rows.nth(2).focus(); // Below the top: nothing moves from here on.
    const ids = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-report')));
    const here = await page.locator('[data-report]:focus').getAttribute('data-report');
    const twoDown = ids[ids.indexOf(here) + 2];
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Files' }).waitFor();
    // Both in one turn of the page, so that nothing can be drawn between them.
    await page.evaluate(() => {
      for (let presses = 0; presses < 2; presses += 1)
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }));
    });
    await page.getByRole('heading', { name: `Report ${twoDown}` }).waitFor();
  },

  'after a break of the live stream a report says that something may have happened': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.route('**/api/v1/live', (route) => route.abort());
    await page.goto('/console/reports?state=triaged');
    await page.locator('[data-report] a').first().click();
    await page.getByRole('region', { name: 'Files' }).waitFor();
    await page.getByText('Not live, trying again').waitFor();
    await page.unroute('**/api/v1/live');
    const notice = page.getByRole('status').filter({ hasText: 'The stream of events was interrupted' });
    await notice.waitFor();
    await inspect(page, 'report-maybe-changed');
    const id = page.url().split('/').at(-1);
    const judged = page.waitForResponse((one) => one.url().endsWith(`/api/v1/tips/${id}`));
    await brings(judged, () => notice.getByRole('button', { name: 'Show what is new' }).click());
    await notice.waitFor({ state: 'detached' });
  },

  'a report shows what was submitted beside what was found, and never a picture': async ({ pageOf }) => {
    const page = await openList(pageOf, '?state=triaged');
    await page.locator('[data-report] a').first().click();
    for (const name of ['What was submitted', 'What would help', 'Files', 'Receipt', 'What happened'])
      await page.getByRole('region', { name }).waitFor();
    for (const file of await page.locator('.files summary').all()) await file.click();
    check(
      (await page.locator('img, canvas, video, audio, picture, object, embed, iframe').count()) === 0,
      'no element can show a file',
    );
    await inspect(page, 'report');
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await picture(page, 'report-end');
  },

  'each reading has a purpose': async ({ pageOf }) => {
    const page = await openList(pageOf, '?state=triaged');
    await page.locator('[data-report] a').first().click();
    await brings(
      page.waitForRequest((request) => request.url().includes('purpose=imminent_danger')),
      () => page.getByLabel('Purpose of reading').selectOption('imminent_danger'),
    );
    await page.getByRole('region', { name: 'Who looked and acted' }).getByText('Imminent danger').first().waitFor();
    const original = page.getByRole('link', { name: 'Download the original' });
    if ((await original.count()) === 0) return; // A role that may not.
    const download = await brings(page.waitForEvent('download'), () => original.click());
    check(/^report-\d+\./.test(download.suggestedFilename()), 'the original comes as a file');
  },

  'a report that does not exist says no more than that': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.goto('/console/reports/999999999');
    await page.getByText('There is no such report').waitFor();
  },

  'counts lead to the reports they count': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.goto('/console/counts');
    await page.getByRole('region', { name: 'By state' }).waitFor();
    await inspect(page, 'counts');
    await page.getByRole('region', { name: 'By state' }).getByRole('link').first().click();
    await page.waitForURL(/reports\?state=/);
  },

  'Spanish is complete on the list': async ({ pageOf }) => {
    const page = await openList(pageOf);
    await page.locator('.person-name').click();
    await page.getByLabel('Language').waitFor();
    await inspect(page, 'settings');
    await page.getByLabel('Language').selectOption('es');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Reportes' }).waitFor();
    check((await page.locator('html').getAttribute('lang')) === 'es', 'the page says its language');
    await inspect(page, 'reports-es');
  },

  'twenty thousand rows are walked with the keyboard, and few are drawn at once': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    const total = 20_000;
    await page.goto('/console/reports');
    const real = await (await page.request.get('/api/v1/reports?limit=1')).json();
    await page.route('**/api/v1/reports?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const below = Number(query.get('before') ?? total + 1);
      const count = Math.min(Number(query.get('limit') ?? 50), below - 1);
      const items = Array.from({ length: count }, (_, index) => ({ ...real.items[0], id: below - 1 - index }));
      const next = below - count > 1 ? below - count : null;
      await route.fulfill({ json: { ...real, items, complete: true, next_before: next } });
    });
    await page.goto('/console/reports?source=platform');
    await page.locator(`[data-report="${total}"]`).focus();
    await pressUntilFocused(page, 'End', '[data-report="1"]'); // The oldest of them all.
    const drawn = await page.locator('[data-report]').count();
    check(drawn > 5 && drawn < 80, `few rows are drawn (${drawn})`);
    await page.keyboard.press('Home');
    await page.locator(`[data-report="${total}"]:focus`).waitFor();
  },
};
