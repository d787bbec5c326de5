// Goal: the most urgent report is found, claimed, judged and closed with the keyboard or the pointer, and nothing a person
// reads moves under them.
import { check, inspect, picture, pressUntilFocused, until } from './browser.mjs';
import { fileUrgent, fileViral } from './wire.mjs';

const VIRAL_REPORTS = 6;

async function openQueue(pageOf, search = '', who = 'analyst') {
  const page = await pageOf(who);
  await page.goto(`/console/queue${search}`);
  await page.locator('[data-tip]').first().waitFor();
  return page;
}

const judged = (page) => page.getByRole('region', { name: 'Where it stands' });
const work = (page) => page.getByRole('region', { name: 'Work on it' });
const levelOf = async (row) => Number(await row.getAttribute('data-level'));

async function openReport(page, id) {
  await page.goto(`/console/reports/${id}`);
  await work(page).waitFor();
}

// The first report of this search that nobody has claimed, by its number.
async function freeTip(page, search) {
  const answer = await (await page.request.get(`/api/v1/tips?claimed=nobody&limit=1&${search}`)).json();
  const id = answer.items[0]?.report_id;
  check(id !== undefined, `a report waits for: ${search}`);
  return id;
}

async function confirm(page, button) {
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

export const tests = {
  'the queue shows the urgent first, says why, and is accessible': async ({ pageOf }) => {
    const page = await openQueue(pageOf);
    const rows = await page.locator('[data-tip]').all();
    const levels = [];
    for (const row of rows.slice(0, 8)) levels.push(await levelOf(row));
    check(levels.join() === [...levels].sort().join(), `levels come in order: ${levels.join()}`);
    await rows[0].getByText('Urgent').waitFor();
    check((await rows[0].locator('.queue-why').innerText()).length > 10, 'the row says why it stands there');
    await page
      .getByRole('list', { name: 'What waits' })
      .getByText(/longest unclaimed/)
      .waitFor();
    await inspect(page, 'queue');
  },

  'filters and the order live in the address; a view is kept under a name and forgotten': async ({ pageOf, run }) => {
    const page = await openQueue(pageOf);
    await page.getByLabel('Priority', { exact: true }).selectOption('2');
    await page.waitForURL(/level=2/);
    await page.getByLabel('Order').selectOption('oldest');
    await page.waitForURL(/level=2&sort=oldest/);
    await page.reload();
    await page.locator('[data-tip]').first().waitFor();
    check((await levelOf(page.locator('[data-tip]').first())) === 2, 'only level 2 is shown');
    check((await page.getByLabel('Order').inputValue()) === 'oldest', 'the order is restored');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name').fill(`View ${run}`);
    await inspect(page, 'queue-save-view');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'Everything' }).click();
    await page.waitForURL((url) => url.search === '');
    await page.getByRole('link', { name: `View ${run}` }).click();
    await page.waitForURL(/level=2&sort=oldest/);
    await page.getByRole('button', { name: /^Forget/ }).click();
    check((await page.getByRole('link', { name: `View ${run}` }).count()) === 0, 'the view is forgotten');
  },

  'of two quick changes of the filters none is lost, however slowly the page draws': async ({ pageOf }) => {
    const page = await openQueue(pageOf);
    // Both in one turn of the page, so that nothing can be drawn between them.
    await page.evaluate(async () => {
      const choose = (label, value) => {
        const name = [...document.querySelectorAll('label')].find((one) => one.textContent === label);
        const field = document.getElementById(name.htmlFor);
        field.value = value;
        field.dispatchEvent(new Event('change', { bubbles: true }));
      };
      choose('Priority', '2');
      for (let turn = 0; turn < 1000 && !location.search.includes('level=2'); turn += 1) await null;
      choose('Order', 'oldest');
    });
    await page.waitForURL(/level=2&sort=oldest/);
  },

  'the keyboard alone: rows, claim, open, back, release': async ({ pageOf }) => {
    const page = await openQueue(pageOf, '?claimed=nobody&urgent=true');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const row = page.locator('[data-tip]:focus');
    const id = await row.getAttribute('data-tip');
    check(id !== null, 'j moves to a row');
    await page.keyboard.press('c');
    await page.getByRole('status').getByText(`Report ${id} is yours until`).waitFor();
    check((await page.locator('[data-tip]:focus').getAttribute('data-tip')) === id, 'the row stays in focus');
    await page.locator(`[data-tip="${id}"]`).getByText('You').waitFor();
    await picture(page, 'queue-claimed');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Report ${id}` }).waitFor();
    await work(page).getByText('You are working on it.').waitFor();
    await work(page).getByRole('button', { name: 'Release' }).click();
    await work(page).getByText('Nobody is working on this report.').waitFor();
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    await page.waitForURL(/claimed=nobody&?|urgent=true/);
  },

  'a report is claimed, judged again by what a person knows, released and closed': async ({ pageOf }) => {
    const page = await openQueue(pageOf);
    const id = await freeTip(page, 'level=2&urgent=false&incident_type=csam');
    await openReport(page, id);
    await judged(page).getByText('Actionable').first().waitFor();
    check((await page.getByRole('button', { name: 'Close…' }).count()) === 0, 'without a claim nothing can be closed');
    await work(page).getByRole('button', { name: 'Claim' }).click();
    await work(page)
      .getByText(/min left/)
      .waitFor();
    await inspect(page, 'report-claimed');
    await page.getByRole('button', { name: 'Say so: A child is in danger now' }).click();
    await inspect(page, 'report-confirm');
    await confirm(page, 'Yes, note it');
    await judged(page).locator('.standing .urgent-mark').waitFor();
    await judged(page).locator('.standing .level-1').waitFor();
    await judged(page).locator('[data-rule="confirmed_danger"]').getByText('never below 1 High').waitFor();
    for (const fold of await judged(page).locator('.fold > summary').all()) await fold.click();
    await judged(page).getByText('A person said what they know, by you.').waitFor();
    await inspect(page, 'report-judged');
    await page.getByRole('button', { name: 'Withdraw: A child is in danger now' }).click();
    await confirm(page, 'Withdraw');
    await judged(page).locator('.standing .level-2').waitFor();
    await page.getByLabel('Kind of incident').selectOption('trafficking');
    await page.getByRole('button', { name: 'Correct' }).click();
    await judged(page).getByText('The kind was corrected, by you.').waitFor();
    await work(page).getByRole('button', { name: 'Release' }).click();
    await work(page).getByText('Nobody is working on this report.').waitFor();
    await work(page).getByRole('button', { name: 'Claim' }).click();
    await page.getByRole('button', { name: 'Close…' }).click();
    await page.getByRole('radio', { name: 'Spam' }).check();
    await inspect(page, 'report-close');
    await confirm(page, 'Close the report');
    await work(page).getByText('Closed: Spam.').waitFor();
    check((await page.getByRole('button', { name: 'Claim' }).count()) === 0, 'what is closed cannot be claimed');
  },

  'whoever comes back is told what came and what stands elsewhere since': async ({ pageOf, people }) => {
    const page = await openQueue(pageOf);
    check((await page.locator('details.since').count()) === 0, 'the first shift has nothing to compare with');
    const id = await freeTip(page, 'level=3&urgent=false');
    const began = new Date().toISOString();
    await openReport(page, id);
    await work(page).getByRole('button', { name: 'Claim' }).click();
    await page.getByRole('button', { name: 'Say so: A child is in danger now' }).click();
    await confirm(page, 'Yes, note it');
    await judged(page).locator('.standing .urgent-mark').waitFor();
    await page.evaluate(
      ([login, since]) => {
        const shift = { since, seen: new Date().toISOString() };
        localStorage.setItem(`porchlight-shift:${login}`, JSON.stringify(shift));
      },
      [people.analyst.login, began],
    );
    await page.goto('/console/queue');
    const since = page.locator('details.since');
    await since.locator('summary').press('Enter');
    await since.getByText(/\d came and wait\./).waitFor();
    const moved = since.getByRole('row', { name: new RegExp(`\\b${id}\\b`) });
    await moved.getByText('A person said what they know').waitFor();
    check((await moved.locator('.level-3').count()) === 1, 'it says where the report stood');
    check((await moved.locator('.urgent-mark').count()) === 1, 'it says where the report stands');
    await inspect(page, 'queue-since');
    await page.reload();
    check(
      (await since.locator('summary').innerText()).startsWith('Since you were last here'),
      'the shift goes on while the pauses are short',
    );
  },

  'what somebody else holds is said in plain words, and a supervisor may take it back and open it again': async ({
    pageOf,
    people,
  }) => {
    if (people.supervisor.login === '') return;
    const boss = await openQueue(pageOf, '', 'supervisor');
    const page = await openQueue(pageOf);
    const id = await freeTip(page, 'level=2&urgent=false');
    await openReport(page, id);
    await page.getByText('Live', { exact: true }).waitFor();
    await openReport(boss, id);
    await work(boss).getByRole('button', { name: 'Claim' }).click();
    await work(boss).getByText('You are working on it.').waitFor();
    await page.getByText('Something has happened here since you looked.').waitFor();
    await work(page).getByRole('button', { name: 'Claim' }).click();
    await work(page).getByText('Somebody else has claimed this report meanwhile.').waitFor();
    await work(page).getByText(`${people.supervisor.login} is working on it.`).waitFor();
    check((await work(page).getByRole('button').count()) === 0, 'an analyst can do nothing to it');
    await work(boss).getByRole('button', { name: 'Release' }).click();
    await work(boss).getByText('Nobody is working on this report.').waitFor();
    await openReport(page, id);
    await work(page).getByRole('button', { name: 'Claim' }).click();
    await work(page).getByText('You are working on it.').waitFor();
    await openReport(boss, id);
    await work(boss)
      .getByRole('button', { name: /Take it back/ })
      .click();
    await confirm(boss, /Take it back/);
    await page.getByRole('button', { name: 'Close…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close the report' }).click();
    await work(page).getByText('You do not hold this report any more').waitFor();
    await work(boss).getByRole('button', { name: 'Claim' }).click();
    await boss.getByRole('button', { name: 'Close…' }).click();
    await confirm(boss, 'Close the report');
    await work(boss).getByRole('button', { name: 'Open again' }).click();
    await confirm(boss, 'Open again');
    await work(boss).getByText('You are working on it.').waitFor();
    await work(boss).getByRole('button', { name: 'Release' }).click();
    await work(boss).getByText('Nobody is working on this report.').waitFor();
  },

  'an urgent newcomer is announced while nothing that is read moves': async ({ baseUrl, people, pageOf, run }) => {
    if (people.platform.login === '') return;
    const page = await openQueue(pageOf, '?urgent=true&sort=newest'); // Where it comes to the top.
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByLabel('From', { exact: true }).waitFor(); // The last of the filters to come: the rows move for it.
    await page.locator('[data-tip]').first().focus();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowDown');
    const focused = page.locator('[data-tip]:focus');
    const id = await focused.getAttribute('data-tip');
    const place = await focused.boundingBox();
    const urgent = await fileUrgent(baseUrl, people.platform, `urgent-${run}`);
    await page.waitForFunction(() =>
      /Urgent, new in the queue|urgent reports are new/.test(
        document.querySelector('[data-urgent-news]')?.textContent ?? '',
      ),
    );
    const pill = page.getByRole('button', { name: /changes?/ });
    const after = await page.locator('[data-tip]:focus').boundingBox();
    check((await page.locator('[data-tip]:focus').getAttribute('data-tip')) === id, 'the same row has the focus');
    check(after?.y === place?.y, `the row stayed where it was (${place?.y} and ${after?.y})`);
    await pill.waitFor();
    check((await page.locator(`[data-tip="${urgent}"]`).count()) === 0, 'the newcomer waits to be asked for');
    await picture(page, 'queue-changes');
    await page.keyboard.press('n');
    await page.locator(`[data-tip="${urgent}"]`).waitFor();
  },

  'a bundle says what it stands for, lists its reports, and lets one go': async ({ baseUrl, people, pageOf, run }) => {
    if (people.platform.login === '') return;
    const filed = [];
    for (let number = 0; number < VIRAL_REPORTS; number += 1)
      filed.push(await fileViral(baseUrl, people.platform, `viral-${run}-${number}`));
    const page = await pageOf('analyst');
    const lead = await until('the reports stand under one of them', async () => {
      const answer = await (await page.request.get('/api/v1/tips?bundled=true&limit=200')).json();
      const whole = answer.items.filter((one) => one.bundle.reports >= VIRAL_REPORTS);
      return whole.find((one) => filed.includes(one.report_id)) ?? whole[0];
    });
    await page.goto('/console/queue?bundled=true&level=3');
    await page
      .getByText(/Stands for \d+ reports/)
      .first()
      .waitFor();
    await inspect(page, 'queue-bundles');
    await openReport(page, lead.report_id);
    const bundle = page.getByRole('region', { name: 'Bundle' });
    await bundle.getByText(/This report stands for/).waitFor();
    await bundle.getByRole('button', { name: 'Show the reports' }).click();
    await bundle
      .getByRole('list')
      .getByRole('listitem')
      .nth(VIRAL_REPORTS - 1)
      .waitFor();
    await inspect(page, 'report-bundle');
    await bundle.getByRole('list').getByRole('link').last().click();
    await bundle.getByText(/This report stands under/).waitFor();
    await bundle.getByRole('button', { name: 'Pull it out' }).click();
    await bundle.getByText('A person has pulled this report out').waitFor();
    await bundle.getByRole('button', { name: 'Put it back' }).click();
    await bundle.getByText(/This report stands/).waitFor();
  },

  'Spanish is complete on the queue and on a report': async ({ pageOf }) => {
    const page = await openQueue(pageOf, '?claimed=nobody');
    await page.evaluate(() => localStorage.setItem('porchlight-language', 'es'));
    await page.reload();
    await page.getByRole('heading', { name: 'Cola' }).waitFor();
    await inspect(page, 'queue-es');
    await page.locator('[data-tip] a').first().click();
    await page.getByRole('region', { name: 'Trabajar en él' }).waitFor();
    await inspect(page, 'report-es');
  },

  'thousands of rows are walked with the keyboard, and few are drawn at once': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    const total = 5000;
    await page.goto('/console/queue');
    const real = await (await page.request.get('/api/v1/tips?limit=1')).json();
    await page.route('**/api/v1/tips?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      const after = Number(query.get('after') ?? 0);
      const count = Math.min(Number(query.get('limit') ?? 50), total - after);
      const items = Array.from({ length: count }, (_, index) => ({ ...real.items[0], report_id: after + index + 1 }));
      await route.fulfill({
        json: { items, complete: true, next_after: after + count < total ? String(after + count) : null },
      });
    });
    await page.goto('/console/queue?claimed=nobody');
    await page.locator('[data-tip="1"]').focus();
    await pressUntilFocused(page, 'End', `[data-tip="${total}"]`); // The last of them all.
    const drawn = await page.locator('[data-tip]').count();
    check(drawn > 5 && drawn < 80, `few rows are drawn (${drawn})`);
    await page.keyboard.press('Home');
    await page.locator('[data-tip="1"]:focus').waitFor();
  },
};
