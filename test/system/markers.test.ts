import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { leaksIn, linesOf } from './closed-list.ts';
import { type Account, Installation } from './installation.ts';
import { Outlook } from './outlook.ts';
import { contains, filesBelow } from './secret-search.ts';
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

  for (const wire of ['webex-wire.jsonl', 'graph-wire.jsonl'] as const) {
    const lines = linesOf(installation, wire);
    assert.ok(lines.length > 20);
    assert.deepEqual(leaksIn(lines, secrets, wire), []);
  }
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
