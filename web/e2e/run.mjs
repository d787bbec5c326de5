// Runs every *.e2e.mjs of this folder against a running server:
//   PORCHLIGHT_URL                                                  http://127.0.0.1:8080
//   PORCHLIGHT_ANALYST_LOGIN, _PASSWORD, _TOTP                      may read reports and originals
//   PORCHLIGHT_ADMIN_LOGIN, _PASSWORD, _TOTP                        may manage accounts and see the status
//   PORCHLIGHT_AUDITOR_LOGIN, _PASSWORD, _TOTP                      optional: may read the audit log
//   PORCHLIGHT_SUPERVISOR_LOGIN, _PASSWORD, _TOTP                   optional: may take reports back and open them again
//   PORCHLIGHT_LEGAL_LOGIN, _PASSWORD, _TOTP                        optional: may add tables of the file gate
//   PORCHLIGHT_OFFICER_LOGIN, _PASSWORD, _TOTP                      optional: of the agency for Ohio
//   PORCHLIGHT_STRANGER_LOGIN, _PASSWORD, _TOTP                     optional: an officer of another agency
//   PORCHLIGHT_PLATFORM_LOGIN, _PASSWORD                            optional: files the reports that the tests wait for
//   PORCHLIGHT_SCREENSHOTS                                          optional: a folder for pictures
//   PORCHLIGHT_ONLY                                                 optional: part of the name of the one file to run
//   PORCHLIGHT_SLOWER                                               optional: how many times slower the pages are to run
// _TOTP is the base32 secret, or hex: and its bytes; empty when the account has yet to enrol (it is then enrolled).
import { readdir } from 'node:fs/promises';
import { launch, noProblems, openPage, PATIENCE_MS, picture, signIn, whereabouts, WIDE } from './browser.mjs';

function person(name) {
  const value = (part) => process.env[`PORCHLIGHT_${name}_${part}`] ?? '';
  return { login: value('LOGIN'), password: value('PASSWORD'), secret: value('TOTP') };
}

const baseUrl = (process.env.PORCHLIGHT_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const people = {
  analyst: person('ANALYST'),
  admin: person('ADMIN'),
  auditor: person('AUDITOR'),
  supervisor: person('SUPERVISOR'),
  legal: person('LEGAL'),
  officer: person('OFFICER'),
  stranger: person('STRANGER'),
  platform: person('PLATFORM'),
};
for (const name of ['analyst', 'admin']) {
  if (people[name].login === '') {
    console.error(`Set PORCHLIGHT_${name.toUpperCase()}_LOGIN and _PASSWORD (see e2e/run.mjs).`);
    process.exit(2);
  }
}

const browser = await launch();
const cookies = new Map();
const run = Date.now().toString(36);

// A page of somebody signed in. Each signs in once, since a code is good once.
async function pageOf(name) {
  const options = {
    viewport: WIDE,
    baseURL: baseUrl,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    storageState: cookies.get(name),
  };
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await openPage(context, baseUrl);
  if (!cookies.has(name)) {
    await signIn(page, baseUrl, people[name]);
    cookies.set(name, await context.storageState());
  }
  return page;
}

// What a visitor with a plain browser sees.
async function plainPage() {
  const context = await browser.newContext({
    viewport: WIDE,
    baseURL: baseUrl,
    locale: 'en-GB',
    javaScriptEnabled: false,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return openPage(context, baseUrl);
}

async function strangerPage() {
  const context = await browser.newContext({
    viewport: WIDE,
    baseURL: baseUrl,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return openPage(context, baseUrl);
}

const files = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.e2e.mjs') && file.includes(process.env.PORCHLIGHT_ONLY ?? ''))
  .sort();
let failures = 0;
let passes = 0;
for (const file of files) {
  const { tests } = await import(`./${file}`);
  for (const [sentence, test] of Object.entries(tests)) {
    const pages = [];
    const kept = (open) => async (name) => {
      const page = await open(name);
      pages.push(page);
      return page;
    };
    const started = Date.now();
    try {
      await test({
        baseUrl,
        people,
        run,
        pageOf: kept(pageOf),
        strangerPage: kept(strangerPage),
        plainPage: kept(plainPage),
      });
      for (const page of pages) await noProblems(page);
      passes += 1;
      console.log(`ok    ${sentence} (${Date.now() - started} ms)`);
    } catch (error) {
      failures += 1;
      console.log(
        `FAIL  ${sentence}\n      ${whereabouts(error, pages)}\n      ${String(error instanceof Error ? error.message : error).replaceAll('\n', '\n      ')}`,
      );
      for (const [index, page] of pages.entries())
        await picture(page, `failure-${failures}-${index}`).catch(() => undefined);
    }
    for (const page of pages) await page.context().close();
  }
}
await browser.close();
console.log(`${passes} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
