// Goal: a report reaches the agency of its place, which answers it in two clicks, and nobody else's page shows it.
import { readFile } from 'node:fs/promises';
import { brings, check, inspect, untilJudged } from './browser.mjs';
import { fileFrom } from './wire.mjs';

const OHIO = '192.0.2.77';
const goes = (page) => page.getByRole('region', { name: 'Where it goes' });
const whoHasIt = (page) => goes(page).getByRole('region', { name: 'Who has it' });

// Waits until the report is judged, and shows it.
async function openJudged(page, id) {
  await page.goto(`/console/reports/${id}`);
  await untilJudged(page, id);
  await page.reload();
  await goes(page).waitFor();
}

async function deliveryOf(page, report) {
  const answer = await (await page.request.get('/api/v1/agency/deliveries?limit=200')).json();
  const row = answer.items.find((one) => one.report_id === report);
  check(row !== undefined, `report ${report} stands in the agency's list`);
  return row;
}

// Claims the report and gives it to whom its evidence leads to.
async function refer(analyst, id) {
  await openJudged(analyst, id);
  await analyst.getByRole('button', { name: 'Claim', exact: true }).click();
  await goes(analyst).getByRole('button', { name: 'Refer as proposed' }).click();
  await analyst.getByRole('dialog').getByRole('button', { name: 'Refer', exact: true }).click();
  await whoHasIt(analyst).getByRole('row', { name: /Ohio/ }).waitFor();
}

let report = 0;

export const tests = {
  'a report is referred to where its evidence leads, and the page says why': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    report = await fileFrom(baseUrl, people.platform, `referral-${run}`, OHIO);
    const page = await pageOf('analyst');
    await openJudged(page, report);
    await goes(page).getByText('Ohio Internet Crimes Task Force').first().waitFor();
    await goes(page)
      .getByRole('row', { name: /Ohio US-OH suspect/ })
      .waitFor();
    await goes(page).getByText('Claim the report to refer it.').waitFor();
    await page.getByRole('button', { name: 'Claim', exact: true }).click();
    await goes(page).getByRole('button', { name: 'Refer as proposed' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Refer', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await whoHasIt(page)
      .getByRole('row', { name: /Ohio Internet Crimes Task Force/ })
      .waitFor();
    await inspect(page, 'routing');
  },

  'the agency finds it unread, opens it, acknowledges it and fetches the package': async ({ pageOf }) => {
    const page = await pageOf('officer');
    await page.goto('/console/agency');
    const row = page.getByRole('row', { name: new RegExp(`\\b${report}\\b`) });
    await row.getByText('Unread').waitFor();
    await inspect(page, 'agency_inbox');
    // Filed just now: platforms keep all of it for a year.
    await page.getByRole('button', { name: 'Data ends soon' }).click();
    await page.getByText('Nothing here.').waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await row.getByRole('link', { name: String(report) }).click();
    await page.getByText('The provider keeps its data until').waitFor();
    await page.getByRole('region', { name: 'Why it comes to you' }).getByText('IP address of the upload').waitFor();
    await inspect(page, 'agency_delivery');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged', { exact: true }).first().waitFor();
    const download = await brings(page.waitForEvent('download'), () =>
      page.getByRole('link', { name: 'Download the package' }).click(),
    );
    check(download.suggestedFilename() === `report-${report}-package-1.zip`, 'the package has a name of its own');
  },

  'two clicks say what came of it': async ({ pageOf }) => {
    const page = await pageOf('officer');
    const row = await deliveryOf(page, report);
    await page.goto(`/console/agency/${row.id}`);
    await page.getByLabel('It started an investigation').check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Sent. Thank you').waitFor();
    const after = await deliveryOf(page, report);
    check(after.state === 'feedback', `the delivery is answered: ${after.state}`);
  },

  'many are answered at once, from the keyboard alone': async ({ pageOf, baseUrl, people, run }) => {
    const analyst = await pageOf('analyst');
    const second = await fileFrom(baseUrl, people.platform, `referral-b-${run}`, OHIO);
    await refer(analyst, second);
    const page = await pageOf('officer');
    await page.goto('/console/agency');
    const box = page.getByLabel(`Select report ${second}`);
    await box.focus();
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
    const answer = page.getByRole('button', { name: 'Answer the selected' });
    await answer.focus();
    await page.keyboard.press('Enter');
    const choice = page.getByRole('dialog').getByLabel('It is of use as intelligence');
    await choice.waitFor();
    // The dialog takes the focus when it has opened; until then keys would go elsewhere.
    await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"]') !== null);
    await choice.press('Space');
    check(await choice.isChecked(), 'the key chose it');
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).press('Enter');
    await page.getByText('1 answered.').waitFor();
    check((await deliveryOf(page, second)).state === 'feedback', 'it is answered');
  },

  'several packages come in one archive, and their data as a table': async ({ pageOf, baseUrl, people, run }) => {
    const analyst = await pageOf('analyst');
    const chosen = [];
    for (const name of ['bulk-a', 'bulk-b']) {
      chosen.push(await fileFrom(baseUrl, people.platform, `${name}-${run}`, OHIO));
      await refer(analyst, chosen.at(-1));
    }
    const page = await pageOf('officer');
    await page.goto('/console/agency');
    for (const id of chosen) await page.getByLabel(`Select report ${id}`).check();
    const packages = await brings(page.waitForEvent('download'), () =>
      page.getByRole('button', { name: 'Download the packages of the selected' }).press('Enter'),
    );
    check(packages.suggestedFilename() === 'packages.zip', 'one archive holds them');
    await packages.path(); // Whole.
    // Two presses must not fetch twice: for a moment nothing can be fetched.
    const table = await brings(page.waitForEvent('download'), () =>
      page.locator('button:enabled', { hasText: 'Fetch their data (CSV)' }).press('Enter'),
    );
    check(table.suggestedFilename() === 'reports.csv', 'their data is a table');
    const text = await readFile(await table.path(), 'utf8');
    for (const id of chosen) check(text.includes(`"${id}"`), `report ${id} is in it`);
    check(text.includes(OHIO), 'so are its addresses');
    check((await deliveryOf(page, chosen[0])).downloaded_at !== null, 'it counts as downloaded');
  },

  'answers come out of a spreadsheet, and rows that are wrong are named': async ({ pageOf, baseUrl, people, run }) => {
    const analyst = await pageOf('analyst');
    const third = await fileFrom(baseUrl, people.platform, `referral-c-${run}`, OHIO);
    await refer(analyst, third);
    const page = await pageOf('officer');
    await page.goto('/console/agency');
    await page.getByRole('button', { name: 'Answer from a spreadsheet' }).click();
    const dialog = page.getByRole('dialog');
    const download = await brings(page.waitForEvent('download'), () =>
      dialog.getByRole('link', { name: 'Fetch the sheet of what is not answered' }).click(),
    );
    check(download.suggestedFilename() === 'answers.csv', 'the sheet has a name');
    const buffer = Buffer.from(`report;usefulness\n${third};It is of use as intelligence\n987654321;not_useful\n`);
    await dialog.getByLabel('Send the sheet').setInputFiles({ name: 'answers.csv', mimeType: 'text/csv', buffer });
    await dialog.getByText('1 answer counts.').waitFor();
    await dialog.getByText('Your agency has no such report.').waitFor();
    await inspect(page, 'sheet');
    check((await deliveryOf(page, third)).state === 'feedback', 'it is answered');
  },

  'a report that only went to the wrong place waits for a supervisor, who closes it': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    const stray = await fileFrom(baseUrl, people.platform, `referral-d-${run}`, OHIO);
    await refer(await pageOf('analyst'), stray);
    const officer = await pageOf('officer');
    const row = await deliveryOf(officer, stray);
    await officer.goto(`/console/agency/${row.id}`);
    await officer.getByLabel('It was of no use').check();
    await officer.locator('summary', { hasText: 'What was missing' }).click();
    await officer.getByLabel('The wrong place').check();
    await officer.getByRole('button', { name: 'Send', exact: true }).click();
    await officer.getByText('Sent. Thank you').waitFor();
    const page = await pageOf('supervisor');
    await page.goto('/console/supervision');
    const waiting = page.getByRole('region', { name: 'Handed over, and nobody has it' });
    const stands = waiting.getByRole('row', { name: new RegExp(`\\b${stray}\\b`) });
    await stands.getByText('All said that it is the wrong place').waitFor();
    await stands.scrollIntoViewIfNeeded();
    await inspect(page, 'unplaced');
    await stands.getByRole('button', { name: `Close report ${stray}` }).press('Enter');
    const dialog = page.getByRole('dialog');
    const sure = dialog.getByRole('button', { name: `Close report ${stray}` });
    await sure.waitFor();
    // The dialog takes the focus when it has opened; until then keys would go elsewhere.
    await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"]') !== null);
    await sure.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await stands.waitFor({ state: 'detached' });
    check((await (await page.request.get(`/api/v1/tips/${stray}`)).json()).tip.state === 'closed', 'it is closed');
  },

  'a supervisor sees what is late, who has what, and what agencies said': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await page.goto('/console/supervision');
    await page.getByRole('region', { name: 'Who has what' }).waitFor();
    const clocks = page.getByRole('region', { name: 'Urgent reports whose time runs out' });
    await clocks.getByText('Somebody to look').first().waitFor();
    const ages = page.getByRole('region', { name: 'How long what waits has waited' });
    await ages.getByRole('row', { name: /under 15 minutes/ }).waitFor();
    check((await ages.getByRole('row').count()) === 6, 'five ages under their heading');
    await page.getByRole('region', { name: 'Who sends how much' }).getByText('Synthetic platforms').waitFor();
    await page
      .getByRole('region', { name: 'Whether it was the right place' })
      .getByText('IP address of the upload')
      .waitFor();
    await inspect(page, 'supervision');
    await page.goto('/console/scorecards');
    await page.getByLabel('Month').waitFor();
    await inspect(page, 'scorecards');
  },

  'an officer of another agency is told that there is no such delivery': async ({ pageOf }) => {
    const theirs = await deliveryOf(await pageOf('officer'), report);
    const page = await pageOf('stranger');
    for (const [path, other] of [
      [`/api/v1/agency/deliveries/${theirs.id}`, '/api/v1/agency/deliveries/987654321'],
      [`/api/v1/agency/deliveries/${theirs.id}/package`, '/api/v1/agency/deliveries/987654321/package'],
    ]) {
      const one = await page.request.get(path);
      const none = await page.request.get(other);
      check(one.status() === 404 && none.status() === 404, `${path} answers ${one.status()}`);
      check((await one.json()).error.message === (await none.json()).error.message, 'both answer alike');
    }
    for (const path of [
      '/api/v1/tips',
      `/api/v1/tips/${report}`,
      `/api/v1/reports/${report}`,
      '/api/v1/reports',
      '/api/v1/audit',
    ])
      check((await page.request.get(path)).status() === 403, `${path} is not for agencies`);
    await page.goto(`/console/agency/${theirs.id}`);
    await page.getByText('There is no such delivery.').waitFor();
  },
};
