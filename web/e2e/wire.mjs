// Files a synthetic report as a platform would, for the tests that wait for one.
import { crc32, deflateSync } from 'node:zlib';

const START = '<?xml version="1.0" encoding="UTF-8"?>';

function reportXml(name) {
  const happened = new Date(Date.now() - 3_600_000).toISOString();
  return (
    `${START}<report><incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>${happened}</incidentDateTime></incidentSummary>`
    + `<internetDetails><webPageIncident><url>https://${name}.example/</url></webPageIncident></internetDetails>`
    + '<reporter><reportingPerson><firstName>Robin</firstName><lastName>Example</lastName><email>robin@platform.example</email></reportingPerson></reporter></report>'
  );
}

async function call(baseUrl, platform, path, init) {
  const credentials = Buffer.from(`${platform.login}:${platform.password}`).toString('base64');
  const response = await fetch(`${baseUrl}/ispws${path}`, {
    ...init,
    method: 'POST',
    headers: { ...init.headers, Authorization: `Basic ${credentials}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text;
}

// The number of the report. It is opened and finished at once.
export async function fileReport(baseUrl, platform, name) {
  const opened = await call(baseUrl, platform, '/submit', {
    body: reportXml(name),
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  const id = Number(/<reportId>(\d+)<\/reportId>/.exec(opened)?.[1]);
  await call(baseUrl, platform, '/finish', { body: new URLSearchParams({ id: String(id) }) });
  return id;
}

const VIRAL = 'One synthetic viral thing, the same in every report. '.repeat(100);

// A report of one file that platforms mark as viral. Several make a bundle.
export async function fileViral(baseUrl, platform, name) {
  const happened = new Date(Date.now() - 3_600_000).toISOString();
  const opened = await call(baseUrl, platform, '/submit', {
    body:
      `${START}<report><incidentSummary><incidentType>Child Pornography (possession, manufacture, and distribution)</incidentType>`
      + `<incidentDateTime>${happened}</incidentDateTime></incidentSummary><reporter><reportingPerson><email>robin@platform.example</email></reportingPerson></reporter>`
      + `<personOrUserReported><espIdentifier>${name}</espIdentifier></personOrUserReported></report>`,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  const id = Number(/<reportId>(\d+)<\/reportId>/.exec(opened)?.[1]);
  const form = new FormData();
  form.append('id', String(id));
  form.append('file', new Blob([VIRAL]), 'viral.txt');
  const uploaded = await call(baseUrl, platform, '/upload', { body: form });
  const file = /<fileId>([^<]+)<\/fileId>/.exec(uploaded)?.[1];
  await call(baseUrl, platform, '/fileinfo', {
    body:
      `${START}<fileDetails><reportId>${id}</reportId><fileId>${file}</fileId>`
      + '<fileAnnotations><viral/></fileAnnotations><industryClassification>B1</industryClassification></fileDetails>',
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  await call(baseUrl, platform, '/finish', { body: new URLSearchParams({ id: String(id) }) });
  return id;
}

// A report in which the platform says that a child is in danger now.
export async function fileUrgent(baseUrl, platform, name) {
  const happened = new Date(Date.now() - 3_600_000).toISOString();
  const opened = await call(baseUrl, platform, '/submit', {
    body:
      `${START}<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>`
      + '<escalateToHighPriority>A child may be in danger now. Synthetic.</escalateToHighPriority>'
      + `<incidentDateTime>${happened}</incidentDateTime></incidentSummary><reporter><reportingPerson><email>robin@platform.example</email></reportingPerson></reporter>`
      + `<personOrUserReported><espIdentifier>${name}</espIdentifier></personOrUserReported></report>`,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  const id = Number(/<reportId>(\d+)<\/reportId>/.exec(opened)?.[1]);
  await call(baseUrl, platform, '/finish', { body: new URLSearchParams({ id: String(id) }) });
  return id;
}

// A report whose uploads came from these addresses.
export async function fileFrom(baseUrl, platform, name, ...addresses) {
  return fileAbout(baseUrl, platform, `<espIdentifier>${name}</espIdentifier>`, ...addresses);
}

// The same of a person who is identified like this.
export async function fileAbout(baseUrl, platform, person, ...addresses) {
  const happened = new Date(Date.now() - 3_600_000).toISOString();
  const uploads = addresses
    .map(
      (address) =>
        `<ipCaptureEvent><ipAddress>${address}</ipAddress>`
        + `<eventName>Upload</eventName><dateTime>${happened}</dateTime><port>40001</port></ipCaptureEvent>`,
    )
    .join('');
  const opened = await call(baseUrl, platform, '/submit', {
    body:
      `${START}<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>`
      + `<incidentDateTime>${happened}</incidentDateTime></incidentSummary><reporter><reportingPerson><email>robin@platform.example</email></reportingPerson></reporter>`
      + `<personOrUserReported>${person}${uploads}</personOrUserReported></report>`,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  const id = Number(/<reportId>(\d+)<\/reportId>/.exec(opened)?.[1]);
  await call(baseUrl, platform, '/finish', { body: new URLSearchParams({ id: String(id) }) });
  return id;
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

// A PNG file of rings and stripes in colour, and of nothing else. A little darker it is a near-copy in other bytes.
export function rings(width, height, brightness = 1) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((1 + 3 * width) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const ring = Math.floor(Math.hypot(x - width / 2, y - height / 2) / 20) % 2;
      const colour = [ring * 230, x % 16 < 8 ? 200 : 40, (255 * y) / height].map((value) => value * brightness);
      rows.set(colour, y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

// A report with files, each {name, bytes, details}: what the platform says of it.
export async function fileWithFiles(baseUrl, platform, name, files) {
  const happened = new Date(Date.now() - 3_600_000).toISOString();
  const opened = await call(baseUrl, platform, '/submit', {
    body:
      `${START}<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>`
      + `<incidentDateTime>${happened}</incidentDateTime></incidentSummary><reporter><reportingPerson><email>robin@platform.example</email></reportingPerson></reporter>`
      + `<personOrUserReported><espIdentifier>${name}</espIdentifier></personOrUserReported></report>`,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  });
  const id = Number(/<reportId>(\d+)<\/reportId>/.exec(opened)?.[1]);
  for (const one of files) {
    const form = new FormData();
    form.append('id', String(id));
    form.append('file', new Blob([one.bytes]), one.name);
    const uploaded = await call(baseUrl, platform, '/upload', { body: form });
    const file = /<fileId>([^<]+)<\/fileId>/.exec(uploaded)?.[1];
    await call(baseUrl, platform, '/fileinfo', {
      body: `${START}<fileDetails><reportId>${id}</reportId><fileId>${file}</fileId>${one.details}</fileDetails>`,
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    });
  }
  await call(baseUrl, platform, '/finish', { body: new URLSearchParams({ id: String(id) }) });
  return id;
}
