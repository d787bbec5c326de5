// Goal: all reports of one person stand on one page, also those that are joined through another, and on an agency's page its own.
import { check, inspect, untilJudged } from './browser.mjs';
import { fileAbout } from './wire.mjs';

// Who shares an address on one day is linked: each has its own.
const OHIO = ['192.0.2.95', '192.0.2.96', '192.0.2.97'];
const reports = [];

const person = (...emails) =>
  `<personOrUserReportedPerson>${emails.map((one) => `<email>${one}</email>`).join('')}</personOrUserReportedPerson>`;

export const tests = {
  'three reports of one person stand on one page, the last through the second': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    const [a, b] = [`poi-a-${run}@mail.example`, `poi-b-${run}@mail.example`];
    const page = await pageOf('analyst');
    for (const emails of [[a], [a, b], [b]]) {
      const id = await fileAbout(baseUrl, people.platform, person(...emails), OHIO[reports.length]);
      await untilJudged(page, id);
      reports.push(id);
    }
    await page.goto(`/console/reports/${reports[0]}`);
    await page.getByRole('link', { name: 'All reports of this person' }).click();
    await page.getByRole('heading', { name: 'One person, all reports' }).waitFor();
    const table = page.getByRole('region', { name: 'Reports' });
    for (const id of reports) await table.getByRole('link', { name: String(id), exact: true }).waitFor();
    await table.getByText('through another report').first().waitFor();
    await page.getByRole('img', { name: /\d+ reports/ }).waitFor();
    await inspect(page, 'person');
  },

  'the keyboard goes from the page to each report and back': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.goto(`/console/reports/${reports[0]}/person`);
    const link = page
      .getByRole('region', { name: 'Reports' })
      .getByRole('link', { name: String(reports[2]), exact: true });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Report ${reports[2]}` }).waitFor();
  },

  'handles that differ by a letter are shown to whoever asks, and linked to nobody': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    const page = await pageOf('analyst');
    const [here, near] = [`quiet_harbour_${run}`, `quiet_harbuor_${run}`];
    const ids = [];
    for (const handle of [here, near]) {
      ids.push(await fileAbout(baseUrl, people.platform, `<screenName>${handle}</screenName>`));
      await untilJudged(page, ids.at(-1));
    }
    await page.goto(`/console/reports/${ids[0]}`);
    const same = page.getByRole('region', { name: 'Same person' });
    await same.getByText('No other report names the same account.').waitFor();
    await same.getByRole('button', { name: 'Look for handles that differ by a letter' }).press('Enter');
    await same.getByText('nothing is linked').waitFor();
    await same.getByRole('link', { name: String(ids[1]), exact: true }).waitFor();
    await same.scrollIntoViewIfNeeded();
    await inspect(page, 'near_handles');
  },

  'an agency sees of the person what it has itself': async ({ pageOf }) => {
    const analyst = await pageOf('analyst');
    for (const id of reports.slice(0, 2)) {
      await analyst.goto(`/console/reports/${id}`);
      await analyst.getByRole('button', { name: 'Claim', exact: true }).click();
      const goes = analyst.getByRole('region', { name: 'Where it goes' });
      await goes.getByRole('button', { name: 'Refer as proposed' }).click();
      await analyst.getByRole('dialog').getByRole('button', { name: 'Refer', exact: true }).click();
      await analyst.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    const page = await pageOf('officer');
    const list = await (await page.request.get('/api/v1/agency/deliveries?limit=200')).json();
    const delivery = list.items.find((one) => one.report_id === reports[0]);
    await page.goto(`/console/agency/${delivery.id}`);
    const same = page.getByRole('region', { name: 'Same person' });
    await same.getByRole('link', { name: String(reports[1]), exact: true }).waitFor();
    check((await same.getByRole('link', { name: String(reports[2]) }).count()) === 0, 'what it has not is not named');
    await inspect(page, 'delivery_person');
  },
};
