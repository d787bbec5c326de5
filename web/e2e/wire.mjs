// Files a synthetic report as a platform would, for the tests that wait for one.
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
