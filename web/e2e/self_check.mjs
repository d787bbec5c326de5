// Walks the whole way of a new centre: starts a demonstration of its own in a temporary folder, files reports over the
// wire, kills the server and looks whether everything acknowledged is there, uses the pages in Chromium, backs up,
// restores and verifies the audit log. Prints each thing that was checked; exit status 0 when all of it held.
//
//   node self_check.mjs BINARY [--results FILE]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileReport } from './wire.mjs';

const binary = resolve(process.argv[2] ?? 'build/release/bin/porchlight');
const resultsAt = process.argv.indexOf('--results');
const folder = mkdtempSync(join(tmpdir(), 'porchlight-check-'));
const data = join(folder, 'data');
const announce = join(folder, 'announce.json');
const checks = [];
let server;

function note(name, ok, why = '') {
  checks.push({ name, ok });
  console.log(`  ${ok ? 'ok  ' : 'FAIL'}  ${name}${ok || why === '' ? '' : `: ${why}`}`);
}

async function check(name, work) {
  try {
    await work();
    note(name, true);
  } catch (error) {
    note(name, false, error instanceof Error ? error.message : String(error));
  }
}

function must(condition, why) {
  if (!condition) throw new Error(why);
}

// Starts the demonstration and waits until it announces its address.
async function start() {
  rmSync(announce, { force: true });
  server = spawn(
    binary,
    ['demo', '--data', data, '--listen', '127.0.0.1:0', '--first', '40', '--rate', '1', '--announce', announce],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  server.stdout.on('data', (text) => {
    output += text;
  });
  server.stderr.on('data', (text) => {
    output += text;
  });
  for (let waited = 0; waited < 1800; waited += 1) {
    if (server.exitCode !== null) throw new Error(`it stopped: ${output}`);
    if (existsSync(announce)) return JSON.parse(readFileSync(announce, 'utf8'));
    await pause(100);
  }
  throw new Error('it did not announce its address within three minutes');
}

async function stop(signal) {
  const ended = new Promise((done) => {
    server.once('exit', done);
  });
  server.kill(signal);
  await ended;
}

function porchlight(...words) {
  const run = spawnSync(binary, words, { encoding: 'utf8' });
  must(run.status === 0, `porchlight ${words[0]} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

function basic(login) {
  return `Basic ${Buffer.from(`${login.login}:${login.password}`).toString('base64')}`;
}

// Submits, uploads one file, finishes; answers the numbers the server gave.
async function fileWithUpload(url, platform, name) {
  const id = await openReport(url, platform, name);
  const content = Buffer.from(`Porchlight synthetic test file ${name}`.repeat(500));
  const form = new FormData();
  form.append('id', String(id));
  form.append('file', new Blob([content]), `${name}.txt`);
  const reply = await send(url, platform, '/upload', form);
  const hash = /<hash>([0-9a-f]{32})<\/hash>/.exec(reply)?.[1];
  must(hash === createHash('md5').update(content).digest('hex'), 'the upload was answered with another digest');
  const done = await send(url, platform, '/finish', new URLSearchParams({ id: String(id) }));
  must(
    /<responseCode>0<\/responseCode>/.test(done) && /<fileId>[a-f][0-9a-f]{31}<\/fileId>/.test(done),
    `finish answered ${done}`,
  );
  return id;
}

async function send(url, platform, path, body) {
  const response = await fetch(`${url}/ispws${path}`, {
    method: 'POST',
    body,
    headers: { Authorization: basic(platform) },
  });
  return response.text();
}

async function openReport(url, platform, name) {
  const happened = new Date(Date.now() - 60_000).toISOString();
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?><report><incidentSummary><incidentType>Misleading Domain Name</incidentType>`
    + `<incidentDateTime>${happened}</incidentDateTime></incidentSummary><internetDetails><webPageIncident><url>https://${name}.example/</url>`
    + `</webPageIncident></internetDetails><reporter><reportingPerson><email>robin@platform.example</email></reportingPerson></reporter></report>`;
  const opened = await send(url, platform, '/submit', xml);
  const id = /<reportId>(\d+)<\/reportId>/.exec(opened)?.[1];
  must(id !== undefined, `submit answered ${opened}`);
  return Number(id);
}

async function receiptOf(url, platform, id) {
  const response = await fetch(`${url}/api/v1/receipts/${id}`, { headers: { Authorization: basic(platform) } });
  must(response.status === 200, `the receipt answered ${response.status}`);
  return response.json();
}

// The pages, by the tests beside this file; each of their sentences is one check here.
async function walkPages(url, logins) {
  const environment = {
    ...process.env,
    PORCHLIGHT_URL: url,
    PORCHLIGHT_PLATFORM_LOGIN: logins.platform.login,
    PORCHLIGHT_PLATFORM_PASSWORD: logins.platform.password,
  };
  for (const [name, login] of [
    ['ANALYST', 'analyst'],
    ['ADMIN', 'admin'],
    ['AUDITOR', 'auditor'],
    ['SUPERVISOR', 'supervisor'],
    ['LEGAL', 'legal'],
    ['OFFICER', 'officer'],
    ['STRANGER', 'officer-ca'],
  ]) {
    const person = logins.people.find((one) => one.login === login);
    environment[`PORCHLIGHT_${name}_LOGIN`] = person.login;
    environment[`PORCHLIGHT_${name}_PASSWORD`] = person.password;
    environment[`PORCHLIGHT_${name}_TOTP`] = `hex:${person.second_factor}`;
  }
  const run = spawn('node', [join(import.meta.dirname, 'run.mjs')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => {
    run.once('close', done);
  });
  for await (const line of createInterface({ input: run.stdout })) {
    const found = /^(ok|FAIL)\s+(.*?)( \(\d+ ms\))?$/.exec(line);
    if (found) note(`in Chromium: ${found[2]}`, found[1] === 'ok');
    else if (/^\s{6}/.test(line)) console.log(line);
  }
  const status = await ended;
  must(status === 0, `the pages' tests ended with ${status}`);
}

async function walk() {
  let logins = await start();
  const filed = [];
  await check('the server is alive and ready', async () => {
    for (const path of ['/healthz/live', '/healthz/ready']) must((await fetch(logins.url + path)).status === 200, path);
  });
  await check('a platform files a report with a file over the wire API', async () => {
    filed.push(await fileWithUpload(logins.url, logins.platform, 'first'));
  });
  await check('the receipt names the digest, the preservation date and the findings', async () => {
    const receipt = await receiptOf(logins.url, logins.platform, filed[0]);
    must(
      ['finished', 'triaged'].includes(receipt.state)
        && /^[0-9a-f]{64}$/.test(receipt.document_sha256)
        && receipt.preserve_until !== null,
      JSON.stringify(receipt),
    );
  });
  await check('wrong credentials and unknown reports are refused', async () => {
    const stranger = { login: 'platform', password: 'not the password' };
    must(
      (await fetch(`${logins.url}/ispws/status`, { headers: { Authorization: basic(stranger) } })).status === 401,
      'wrong password',
    );
    must(
      /<responseCode>5001</.test(
        await send(logins.url, logins.platform, '/finish', new URLSearchParams({ id: '999999999' })),
      ),
      'unknown report',
    );
  });
  await walkPages(logins.url, logins);
  await check('killed at once and started again, everything acknowledged is there', async () => {
    for (let index = 0; index < 5; index += 1)
      filed.push(await fileReport(logins.url, logins.platform, `kill-${index}`));
    await stop('SIGKILL');
    logins = await start();
    for (const id of filed)
      must(['finished', 'triaged'].includes((await receiptOf(logins.url, logins.platform, id)).state), `report ${id}`);
  });
  await check('a backup is made while it runs, and restores', async () => {
    porchlight('backup', '--data', data, '--to', join(folder, 'backup'));
    porchlight(
      'restore',
      '--from',
      join(folder, 'backup'),
      '--keys',
      join(data, 'keys'),
      '--data',
      join(folder, 'restored'),
    );
    porchlight('audit', 'verify', '--data', join(folder, 'restored'));
  });
  await check('it stops when told to, and the audit log verifies', async () => {
    await stop('SIGTERM');
    must(porchlight('audit', 'verify', '--data', data).includes('Intact'), 'verify');
  });
  await check(
    'a master key is added: reports are filed under it, and what the older one keeps still opens',
    async () => {
      const keyFile = join(data, 'keys', 'master.key');
      const older = readFileSync(keyFile);
      porchlight('keys', 'add', '--data', data);
      const newest = readFileSync(keyFile);
      must(porchlight('keys', 'list', '--data', data).startsWith('2 master keys'), 'keys list');
      logins = await start();
      filed.push(await fileWithUpload(logins.url, logins.platform, 'new-key'));
      await stop('SIGTERM');
      for (const id of [filed[0], filed.at(-1)]) {
        const exported = join(folder, `exported-${id}`);
        porchlight('export', '--data', data, '--report', String(id), '--to', exported, '--purpose', 'quality_check');
        must(readFileSync(join(exported, 'original.xml'), 'utf8').includes('<report>'), `the original of ${id}`);
      }
      porchlight('audit', 'verify', '--data', data);
      writeFileSync(keyFile, older);
      const refused = spawnSync(binary, ['keys', 'add', '--data', data], { encoding: 'utf8' });
      must(
        refused.status === 1 && refused.stderr.includes('older copy'),
        'a key is added to an older copy of the file',
      );
      writeFileSync(keyFile, newest);
    },
  );
  await check('a folder with keys and no database is no centre, and none is made in it', async () => {
    const bare = join(folder, 'bare');
    cpSync(join(data, 'keys'), join(bare, 'keys'), { recursive: true });
    const refused = spawnSync(binary, ['keys', 'list', '--data', bare], { encoding: 'utf8' });
    must(refused.status === 1 && refused.stderr.includes('There is no centre'), `keys list said ${refused.stderr}`);
    must(!existsSync(join(bare, 'porchlight.db')), 'a database was made');
  });
}

console.log(`Checking ${binary}`);
try {
  await walk();
} catch (error) {
  note('the walk came to its end', false, error instanceof Error ? error.message : String(error));
} finally {
  if (server && server.exitCode === null) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
if (resultsAt > 0) writeFileSync(process.argv[resultsAt + 1], JSON.stringify({ checks }));
const failed = checks.filter((one) => !one.ok).length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && checks.length > 0 ? 0 : 1);
