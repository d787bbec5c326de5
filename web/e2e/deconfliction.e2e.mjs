// Goal: two agencies that work on the same person are told whom to call, and nothing else; a supervisor lets the report go on. And
// what is held for a legal reason goes to nobody.
import { check, inspect, untilJudged } from './browser.mjs';
import { fileAbout } from './wire.mjs';

const OHIO = '192.0.2.88';
let report = 0;
let email = '';

const interests = (page) => page.getByRole('region', { name: 'Our open interests' });
const calls = (page) => page.getByRole('region', { name: 'Whom to call' });
const about = (page) => page.getByRole('region', { name: 'Other agencies work on this person' });

async function stateOf(page, id) {
  const answer = await page.request.get(`/api/v1/tips/${id}`);
  return answer.ok() ? (await answer.json()).tip.state : '';
}

const waitForState = (page, id, state) => untilJudged(page, id, (tip) => tip.state === state);

export const tests = {
  'an officer says whom the agency works on, and is told what is missing': async ({ pageOf, run }) => {
    email = `shared-${run}@mail.example`;
    const page = await pageOf('stranger');
    await page.goto('/console/interests');
    await interests(page).getByRole('button', { name: 'Open an interest' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Identifier/).fill('nobody');
    await dialog.getByLabel('Your case number').fill(`CA-${run}`);
    await dialog.getByLabel('Whom to call').fill('Det. Rowan Example');
    await dialog.getByLabel('Telephone to call').fill('+1 916 555 0142');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await inspect(page, 'interest_form');
    await dialog.getByLabel(/^Identifier/).fill(email.toUpperCase());
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await interests(page)
      .getByRole('row', { name: new RegExp(`CA-${run}`) })
      .waitFor();
  },

  'a report that leads to another agency is paused, and the page says why': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    const person = `<personOrUserReportedPerson><email>${email}</email></personOrUserReportedPerson><espIdentifier>shared-${run}</espIdentifier>`;
    report = await fileAbout(baseUrl, people.platform, person, OHIO);
    const page = await pageOf('analyst');
    await waitForState(page, report, 'paused_deconfliction');
    await page.goto(`/console/reports/${report}`);
    await about(page).getByText('Det. Rowan Example').waitFor();
    await page.getByText('It is paused: another agency works on somebody in it.').waitFor();
    check((await page.getByRole('button', { name: 'Claim', exact: true }).count()) === 0, 'nobody can claim it');
    await inspect(page, 'report_paused');
    const queue = await (await page.request.get('/api/v1/tips?state=paused_deconfliction&limit=200')).json();
    check(
      queue.items.some((one) => one.report_id === report),
      'it stays in the queue',
    );
  },

  'both agencies are told whom to call, and nothing of the other': async ({ pageOf, run }) => {
    const holder = await pageOf('stranger');
    await holder.goto('/console/interests');
    await calls(holder).getByRole('row', { name: /Ohio/ }).first().waitFor();
    await inspect(holder, 'interests');
    const other = await pageOf('officer');
    await other.goto('/console/interests');
    await calls(other)
      .getByRole('row', { name: /Det. Rowan Example/ })
      .first()
      .waitFor();
    const told = await (await other.request.get('/api/v1/agency/meetings')).text();
    check(!told.includes(`CA-${run}`), 'the case of the other is not shown');
    check(!told.includes(email), 'nor the identifier');
    check(!told.includes(`"${report}"`) && !told.includes(`:${report},`), 'nor the report');
  },

  'a supervisor resolves it with a note, from the keyboard alone, and the report waits again': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await page.goto('/console/deconfliction');
    const row = page.getByRole('row', { name: new RegExp(`Report ${report}`) });
    await row.getByText('Paused', { exact: true }).waitFor();
    await inspect(page, 'paused');
    const resolve = row.getByRole('button', { name: /Resolve/ });
    await resolve.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel('What was agreed')
      .fill('Both have spoken; Ohio takes the report, California keeps its case.');
    await inspect(page, 'resolve');
    await dialog.getByRole('button', { name: 'Resolve', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await waitForState(page, report, 'triaged');
    await page.getByRole('region', { name: 'Resolved' }).getByText('California keeps its case').first().waitFor();
  },

  'once it is resolved the report goes out': async ({ pageOf }) => {
    const analyst = await pageOf('analyst');
    await analyst.goto(`/console/reports/${report}`);
    await analyst.getByRole('button', { name: 'Claim', exact: true }).click();
    const goes = analyst.getByRole('region', { name: 'Where it goes' });
    await goes.getByRole('button', { name: 'Refer as proposed' }).click();
    await analyst.getByRole('dialog').getByRole('button', { name: 'Refer', exact: true }).click();
    await analyst.getByRole('dialog').waitFor({ state: 'hidden' });
    check((await stateOf(analyst, report)) === 'made_available', 'it went out');
  },

  'what is held goes to nobody until it is lifted': async ({ pageOf }) => {
    const page = await pageOf('supervisor');
    await page.goto(`/console/reports/${report}`);
    await page.getByRole('button', { name: 'Hold it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').selectOption('court_order');
    await dialog.getByLabel('Order or request').fill('Docket 26-117, synthetic');
    await inspect(page, 'hold');
    await dialog.getByRole('button', { name: 'Hold', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('It is held for a legal reason.').first().waitFor();
    await inspect(page, 'report_held');
    const officer = await pageOf('officer');
    const list = await (await officer.request.get('/api/v1/agency/deliveries?limit=200')).json();
    const delivery = list.items.find((one) => one.report_id === report);
    const refused = await officer.request.get(`/api/v1/agency/deliveries/${delivery.id}/package`);
    check(refused.status() === 409, `the package answers ${refused.status()}`);
    await page.goto('/console/deconfliction');
    await page.getByRole('region', { name: 'Held for a legal reason' }).getByText('Docket 26-117').waitFor();
    await page.goto(`/console/reports/${report}`);
    await page.getByRole('button', { name: 'Lift the hold' }).click();
    await dialog.getByLabel('Why it may go on').fill('The order was set aside.');
    await dialog.getByRole('button', { name: 'Lift the hold' }).click();
    await dialog.waitFor({ state: 'hidden' });
    check((await stateOf(page, report)) === 'made_available', 'it is back where it stood');
    check((await officer.request.get(`/api/v1/agency/deliveries/${delivery.id}`)).ok(), 'and can be read again');
  },
};
