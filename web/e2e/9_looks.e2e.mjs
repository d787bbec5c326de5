// Goal: a file says which reports have a picture that looks like it, by itself and without showing any.
import { check, inspect } from './browser.mjs';
import { fileWithFiles, rings } from './wire.mjs';

const COULD_SHOW = 'img, canvas, video, audio, picture, object, embed, iframe';

let first = 0;
let second = 0;

const fileItem = (page, number) => page.locator('.files > li').nth(number - 1);
const looksOf = (page, number) => fileItem(page, number).locator('.file-looks');

async function openFiles(page, report) {
  await page.goto(`/console/reports/${report}`);
  await page.getByRole('region', { name: 'Files' }).waitFor();
  for (const summary of await page.locator('.files summary').all()) await summary.click();
}

export const tests = {
  'a darker copy in other bytes appears beside the file it looks like, without reading the page again': async ({
    pageOf,
    baseUrl,
    people,
    run,
  }) => {
    first = await fileWithFiles(baseUrl, people.platform, `looks-a-${run}`, [
      { name: 'a.png', bytes: rings(660, 440), details: '' },
      { name: 'b.txt', bytes: 'Synthetic words.', details: '' },
      { name: 'c.png', bytes: rings(300, 200).subarray(0, 80), details: '' },
    ]);
    const page = await pageOf('analyst');
    await openFiles(page, first);
    await looksOf(page, 1).waitFor();
    await openFiles(page, first); // What was told while it arrived has been told by now.
    await page.getByText('Live', { exact: true }).waitFor();
    second = await fileWithFiles(baseUrl, people.platform, `looks-b-${run}`, [
      { name: 'd.png', bytes: rings(660, 440, 0.9), details: '' },
    ]);
    await looksOf(page, 1)
      .getByRole('link', { name: String(second), exact: true })
      .waitFor({ timeout: 60_000 });
    check((await looksOf(page, 1).getByText('looks alike').count()) > 0, 'it says how near they are');
    check((await looksOf(page, 2).count()) === 0, 'a text is compared with nothing');
    await looksOf(page, 3).getByText('could not be compared').waitFor();
    check((await page.locator(COULD_SHOW).count()) === 0, 'no element can show a file');
    const notice = page.getByText('Something has happened to this report');
    check((await notice.count()) === 0, 'nothing of the report itself changed');
    await looksOf(page, 1).scrollIntoViewIfNeeded();
    await inspect(page, 'files-looks');
  },

  'the keyboard goes from a file to the report with its copy': async ({ pageOf }) => {
    const page = await pageOf('analyst');
    await openFiles(page, first);
    const link = looksOf(page, 1).getByRole('link', { name: String(second), exact: true });
    await link.waitFor();
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Report ${second}` }).waitFor();
  },
};
