// What every end-to-end test needs: a browser, people signed in, checks of accessibility and of the content policy,
// pictures.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { freshCode } from './totp.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const PATIENCE_MS = 30_000; // For machines on which Chromium is several times slower than usual.
export const SLOWER = Math.max(1, Number(process.env.PORCHLIGHT_SLOWER ?? '1') || 1); // As pages are made to be.
export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export class Failed extends Error {}

export function check(truth, sentence) {
  if (!truth) throw new Failed(sentence);
}

// Waits for what a page does not tell: asks again and again until the answer is not false.
export async function until(what, probe) {
  for (const end = Date.now() + 2 * PATIENCE_MS; ;) {
    const answer = await probe();
    if (answer) return answer;
    check(Date.now() < end, `it was waited for in vain: ${what}`);
    await pause(250);
  }
}

// Waits until a report is judged, and stands as `holds` says.
export async function untilJudged(page, id, holds = () => true) {
  return until(`report ${id} judged and where it should be`, async () => {
    const answer = await page.request.get(`/api/v1/tips/${id}`);
    return answer.ok() && holds((await answer.json()).tip);
  });
}

// What a press brings, such as a download: waited for from before the press.
export async function brings(wait, press) {
  const [come] = await Promise.all([wait, press()]);
  return come;
}

// A key moves the focus as often as it takes to reach the row: pages of rows come when they come.
export async function pressUntilFocused(page, key, row) {
  const focused = page.locator(`${row}:focus`);
  for (const end = Date.now() + 8 * PATIENCE_MS; (await focused.count()) === 0;) {
    check(Date.now() < end, `${key} reaches ${row}`);
    await page.keyboard.press(key);
    await page.waitForTimeout(20);
  }
}

export function launch() {
  return chromium.launch({ executablePath: process.env.PORCHLIGHT_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

// A page that fails the test for script errors, for anything the content security policy stopped, and for any request
// to another place.
export async function openPage(context, baseUrl) {
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(`content policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(baseUrl) && !url.startsWith('data:') && !url.startsWith('blob:'))
      problems.push(`outside request: ${url}`);
  });
  page.problems = problems;
  await slowDown(page);
  return page;
}

async function slowDown(page) {
  if (SLOWER === 1) return;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

// Where a test was when it failed, and what its pages showed.
export function whereabouts(error, pages) {
  const line = error instanceof Error ? /[\w.]+\.e2e\.mjs:\d+/.exec(error.stack ?? '')?.[0] : undefined;
  return [line, ...pages.map((page) => page.url())].filter((one) => one !== undefined).join(' at ');
}

export async function noProblems(page) {
  check(page.problems.length === 0, page.problems.join('\n'));
}

export async function signIn(page, baseUrl, person) {
  await page.goto(`${baseUrl}/console/`);
  await page.getByLabel('Login').fill(person.login);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const code = page.getByLabel('Code');
  const inside = page.getByRole('navigation', { name: 'Rooms' });
  await code.or(inside).first().waitFor();
  if (await code.isVisible()) {
    const byHand = page.getByText('Enter the key by hand instead');
    let secret = person.secret;
    if (await byHand.isVisible()) {
      await byHand.click();
      const shown = page.locator('code.secret').filter({ hasText: /\S/ });
      secret = ((await shown.textContent()) ?? '').replace(/\s/g, '');
      person.secret = secret;
    }
    check(secret !== '', `${person.login} needs a second factor and no secret was given`);
    await code.fill(await freshCode(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
  }
  await inside.waitFor();
}

// Zero violations of WCAG 2.2 AA that axe can see.
export async function accessible(page, name) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = result.violations.map(
    (one) =>
      `${one.id}: ${one.help}\n    ${one.nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`)
        .join('\n    ')}`,
  );
  check(found.length === 0, `${name}: ${found.length} accessibility violations\n  ${found.join('\n  ')}`);
}

// No page may be wider than the window: nothing is cut off at 390 px or at 200 % zoom.
export async function fits(page, name) {
  const overBy = () => document.documentElement.scrollWidth - window.innerWidth;
  await page.waitForFunction(`(${overBy})() <= 0`, undefined, { timeout: 5000 }).catch(() => undefined);
  const over = await page.evaluate(overBy);
  check(over <= 0, `${name}: the page is ${over} px wider than the window`);
}

export async function picture(page, name) {
  const folder = process.env.PORCHLIGHT_SCREENSHOTS;
  if (folder === undefined || folder === '') return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

// Loaded, and drawn again for its new size and colours.
async function settled(page) {
  await page.waitForLoadState();
  await page.waitForTimeout(150);
  await page.evaluate(
    () =>
      new Promise((drawn) => {
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      }),
  );
}

// Axe, size and picture of a page as it stands: at a desk, in the dark, at 200 % zoom, on a phone.
export async function inspect(page, name) {
  for (const [look, size, scheme] of [
    ['desk', WIDE, 'light'],
    ['dark', WIDE, 'dark'],
    ['zoom', { width: 640, height: 400 }, 'light'],
    ['phone', PHONE, 'light'],
  ]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    await fits(page, `${name} (${look})`);
    if (look !== 'zoom') await accessible(page, `${name} (${look})`); // The layout of the phone, only larger.
    await picture(page, `${name}-${look}`);
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}
