// Goal: legal staff see who may open which file and why, record an order, try a table before they add it, and have what it would decide
// otherwise decided again.
import { brings, check, inspect, picture, until } from './browser.mjs';
import { fileWithFiles, rings } from './wire.mjs';

const SEARCHING = 'Files are still being searched';
const NO_FLAGS = 'Nothing was decided otherwise than today’s table would.';

let report = 0;

const panel = (page, name) => page.getByRole('region', { name, exact: true });

async function showReport(page) {
  const ofReport = panel(page, 'Files of a report');
  await until(`the gate decides about report ${report}`, async () => {
    await page.goto(`/console/gate?report=${report}`);
    await ofReport.getByRole('heading', { name: `Files of report ${report}` }).waitFor();
    return (await ofReport.getByRole('row').filter({ hasText: 'us-2026-11' }).count()) === 1;
  });
  return ofReport;
}

// The rows of flags are there, or that there are none, or none yet.
async function flagsLoaded(flags) {
  await flags
    .getByRole('table')
    .or(flags.getByText(NO_FLAGS))
    .or(flags.getByText(SEARCHING))
    .or(flags.getByRole('button', { name: 'Next page' }))
    .first()
    .waitFor();
}

// The table that holds, from today, with another version, and closed to what the platform viewed.
async function stricter(page, version) {
  const holds = await (await page.request.get('/api/v1/gate/tables/document?version=us-2026-11')).json();
  const rules = holds.jurisdictions[holds.default_jurisdiction].rules;
  const viewed = rules.find((one) => one.when.viewed_by_esp !== undefined && Object.keys(one.when).length === 1);
  viewed.decision = 'blocked';
  return { ...holds, version, valid_from: new Date().toISOString().slice(0, 10), reason: 'A test of the console.' };
}

const asFile = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

export const tests = {
  'legal staff see what was decided about a file, and record an order that opens it': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    report = await fileWithFiles(baseUrl, people.platform, `gate-${run}`, [
      { name: 'a.png', bytes: rings(90, 60), details: '' },
    ]);
    const page = await pageOf('legal');
    await page.goto('/console/');
    await page.getByRole('link', { name: 'File gate' }).click();
    await panel(page, 'Files of a report').getByLabel('Report').fill(String(report));
    await panel(page, 'Files of a report').getByRole('button', { name: 'Show' }).press('Enter');
    const ofReport = await showReport(page);
    await ofReport.getByText('closed', { exact: true }).first().waitFor();
    await ofReport.getByText('None is recorded.').waitFor();
    await ofReport.getByLabel('Its number').fill('26-mj-0001');
    await ofReport.getByRole('button', { name: 'Record it' }).click();
    await ofReport.getByText('open', { exact: true }).first().waitFor();
    await ofReport.getByText('in force').waitFor();
    await inspect(page, 'gate_report');
    await ofReport.getByRole('button', { name: 'Revoke 26-mj-0001' }).click();
    await ofReport.getByText('closed', { exact: true }).first().waitFor();
  },

  'a table is shown and tried before it is added, and one that is wrong says where': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    report = await fileWithFiles(baseUrl, people.platform, `gate-b-${run}`, [
      { name: 'a.png', bytes: rings(90, 60), details: '<fileViewedByEsp>true</fileViewedByEsp>' },
    ]);
    const page = await pageOf('legal');
    await showReport(page);
    const adding = panel(page, 'Add a table');
    const scored = JSON.stringify(await stricter(page, `scored-${run}`)).replace('"warrant":"yes"', '"score":"yes"');
    await adding.getByLabel('Choose the file').setInputFiles(asFile('a.json', scored));
    await adding.getByRole('alert').getByText('/when/score').waitFor();
    const version = `strict-${run}`;
    const table = JSON.stringify(await stricter(page, version));
    await adding.getByLabel('Choose the file').setInputFiles(asFile('b.json', table));
    await adding.getByText(/that were decided about, it would open 0 that are closed and close [1-9]/).waitFor();
    await adding.getByRole('button', { name: `Add table ${version}` }).scrollIntoViewIfNeeded();
    await inspect(page, 'gate_trial');
    await adding.getByRole('button', { name: `Add table ${version}` }).click();
    await adding.getByText(`Table ${version} was added.`).waitFor();
    const tables = panel(page, 'Tables');
    await tables
      .getByRole('row', { name: new RegExp(version) })
      .getByText('decides today')
      .waitFor();
    await tables.getByRole('button', { name: `Show table ${version}` }).press('Enter');
    await tables.getByText('A test of the console.').first().waitFor();
    await picture(page, 'gate_tables');
  },

  'what a newer table would decide otherwise waits for a person, who decides again': async ({ pageOf }) => {
    const page = await pageOf('legal');
    const flags = panel(page, 'To look at again');
    const again = flags.getByRole('button', { name: `Decide again about report ${report}` });
    await until('all files were looked at again', async () => {
      await page.goto('/console/gate');
      await panel(page, 'Tables').getByRole('row').nth(1).waitFor();
      await flagsLoaded(flags);
      const next = flags.getByRole('button', { name: 'Next page' });
      while ((await again.count()) === 0 && (await next.count()) > 0) {
        await brings(
          page.waitForResponse((one) => one.url().includes('/gate/reviews')),
          () => next.click(),
        );
        await flags.getByRole('button', { name: 'From the start' }).waitFor();
      }
      return (await again.count()) > 0;
    });
    await flags.scrollIntoViewIfNeeded();
    await inspect(page, 'gate_flags');
    await again.press('Enter');
    await again.waitFor({ state: 'detached' });
    const gate = await (await page.request.get(`/api/v1/reports/${report}/gate`)).json();
    check(gate.items[0].decision === 'blocked', 'today’s table has decided');
  },

  'whoever works on reports sees no way to change who may open files': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await page.goto('/console/gate');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    const refused = await page.request.post('/api/v1/gate/tables', { data: { document: '{}' } });
    check(refused.status() === 403, 'the server refuses it');
  },
};
