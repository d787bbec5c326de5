// Goal: a supervisor sees who floods, sets its reports behind those of others and back, and whoever works on the queue sees that.
import { check, inspect, untilJudged } from './browser.mjs';
import { fileUrgent } from './wire.mjs';

const SENDER = 'Synthetic platforms (example)';
const panel = (page, name) => page.getByRole('region', { name, exact: true });

export const tests = {
  'a sender is throttled, its urgent reports stay urgent, and it ends': async ({ pageOf, baseUrl, people, run }) => {
    const urgent = await fileUrgent(baseUrl, people.platform, `throttle-${run}`);
    const page = await pageOf('supervisor');
    await untilJudged(page, urgent, (tip) => !tip.behind);
    await page.goto('/console/supervision');
    const volumes = panel(page, 'Who sends how much');
    await volumes.getByRole('button', { name: `Throttle ${SENDER}` }).press('Enter');
    const dialog = page.getByRole('dialog');
    check(await dialog.getByRole('button', { name: 'Throttle', exact: true }).isDisabled(), 'a reason is asked for');
    await dialog.getByLabel('Why').fill('It escalates everything (a test).');
    await dialog.getByLabel('For how long').selectOption('3');
    await inspect(page, 'throttle_dialog');
    await dialog.getByRole('button', { name: 'Throttle', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await volumes.getByText('behind others until').waitFor();
    const throttled = panel(page, 'Throttled senders');
    await throttled.getByText('It escalates everything (a test).').waitFor();
    await untilJudged(page, urgent, (tip) => tip.behind && tip.priority.urgent);
    // The page asks every 15 seconds.
    await throttled.getByText(/[1-9]\d* urgent, \d+ others/).waitFor({ timeout: 60_000 });
    await throttled.scrollIntoViewIfNeeded();
    await inspect(page, 'throttled');

    const analyst = await pageOf('analyst');
    await analyst.goto('/console/queue?urgent=yes');
    await analyst.getByText('Behind others').first().waitFor();
    await inspect(analyst, 'queue_behind');
    await analyst.goto(`/console/reports/${urgent}`);
    await analyst
      .getByRole('region', { name: 'Where it stands' })
      .getByText(/Its sender is throttled/)
      .waitFor();

    await throttled.getByRole('button', { name: `No longer throttle ${SENDER}` }).click();
    await dialog.getByLabel('Why it may end').fill('They mended it.');
    await dialog.getByRole('button', { name: 'End it' }).click();
    await throttled.getByText(/They mended it\./).waitFor();
    await volumes.getByRole('button', { name: `Throttle ${SENDER}` }).waitFor();
    await untilJudged(page, urgent, (tip) => !tip.behind);
  },
};
