import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLEAR_FIELDS } from '../../src/domain/clear-fields.ts';
import { type Account, Installation } from './installation.ts';
import { Outlook } from './outlook.ts';
import { WebexApp } from './webex-app.ts';

const marker = (name: string) => `zq${name}${Math.random().toString(36).slice(2, 12)}qz`;

test('nothing sensitive stands in any file of the appliance or on the wire, beyond the closed list', async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const outlook = await Outlook.signIn(installation);
  const [owner, guest] = installation.facts.users;
  assert.ok(owner !== undefined && guest !== undefined);
  const app = new WebexApp(installation, guest);
  const markers = {
    subject: marker('subject'),
    body: marker('body'),
    place: marker('place'),
    strangerName: marker('name'),
    strangerAddress: marker('mail'),
    later: marker('later'),
    password: marker('pwd'),
  };
  const stranger = {
    name: markers.strangerName,
    address: `${markers.strangerAddress}@elsewhere.example`,
  } as Account;

  const id = await outlook.book(owner, {
    subject: markers.subject,
    body: `<p>${markers.body} <a href="https://zoom.us/j/12345?pwd=${markers.password}">x</a></p>`,
    location: `@webex ${markers.place}`,
    attendees: [guest, stranger],
  });
  const shows = (text: string) => async () =>
    (await app.meetings()).some((m) => m.subject === text && m.joinUrl !== undefined);
  await installation.until(shows(markers.subject));

  const fault = JSON.stringify({ path: '/calendar/ingest/', status: 503, times: 3 });
  const json = { 'content-type': 'application/json' };
  await installation.call('POST', `${installation.facts.controlUrl}/webex/faults`, json, fault);
  await outlook.change(owner, id, { subject: markers.later });
  process.kill(installation.facts.appliancePid, 'SIGKILL');
  await installation.until(shows(markers.later), 40_000);

  const secrets = [
    ...Object.values(markers),
    ...people(installation),
    await meetingNumber(installation, owner),
  ];
  const found: string[] = [];
  for (const file of filesBelow(installation.facts.applianceDir)) {
    const bytes = readFileSync(file);
    for (const secret of secrets) if (contains(bytes, secret)) found.push(`${secret} in ${file}`);
  }
  assert.deepEqual(found, []);
  assert.ok(
    filesBelow(installation.facts.applianceDir).some((file) => file.endsWith('-wal')),
    'the WAL was searched too',
  );
  assert.ok(
    readFileSync(join(installation.facts.applianceDir, 'appliance.log'), 'utf8').includes(
      'meeting delivered',
    ),
    'the log was searched too',
  );

  const simulated = filesBelow(join(installation.directory, 'cloud')).map((file) => readFileSync(file));
  assert.ok(
    simulated.some((bytes) => contains(bytes, markers.later)),
    'the search finds what stands in clear',
  );

  const wire = readFileSync(join(installation.directory, 'cloud', 'webex-wire.jsonl'), 'utf8')
    .trim()
    .split('\n');
  assert.ok(wire.length > 20);
  const leaks = wire
    .map((line) => JSON.parse(line))
    .filter((row) => secrets.some((s) => leaksIn(row, s)) && !allowed(row));
  assert.deepEqual(leaks, []);
});

/** The number of the owner's personal room: it stands in the invitation. */
async function meetingNumber(installation: Installation, owner: Account): Promise<string> {
  const url = `${installation.facts.webexApiUrl}/v1/meetingPreferences/personalMeetingRoom`;
  const headers = { authorization: `Bearer ${owner.webexToken}` };
  const answer = await installation.call('GET', url, headers);
  assert.match(answer.json.telephony.accessCode, /^\d{10}$/);
  return answer.json.telephony.accessCode;
}

/** Addresses and personal rooms of everybody who is enabled. */
function people(installation: Installation): string[] {
  const { users, rooms } = installation.facts;
  return [...users, ...rooms].flatMap((one) => [one.address, one.name, `/meet/${one.address.split('@')[0]}`]);
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function contains(bytes: Buffer, secret: string): boolean {
  const hex = Buffer.from(secret).toString('hex');
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    hex,
    ...base64Forms(secret),
  ];
  return forms.some((form) => bytes.includes(form) || bytes.includes(Buffer.from(form, 'utf16le')));
}

/** What stands in a base64 text, whatever stands before and behind the secret; both alphabets. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64');
    const inner = text.slice(before === 0 ? 0 : 4, -4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function leaksIn(row: object, secret: string): boolean {
  return contains(Buffer.from(JSON.stringify(row)), secret);
}

/** A request that the closed list names: the mailbox owner's own address in that call's own field, and nothing else. */
function allowed(row: { method: string; path: string; body?: string }): boolean {
  const url = new URL(row.path, 'https://webex.invalid');
  return CLEAR_FIELDS.filter(({ host }) => host === 'webex.api_url').some(({ call, field }) => {
    const [method, path = ''] = call.split(' ');
    return (
      row.method === method &&
      url.pathname === `/v1${path}` &&
      [...url.searchParams.keys()].every((key) => key === field)
    );
  });
}
