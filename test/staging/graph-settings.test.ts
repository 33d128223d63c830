import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { utc } from './graph-calendar.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('keeps automatic replies and gives only what was written back', async () => {
  const scheduled = {
    status: 'scheduled',
    scheduledStartDateTime: { dateTime: '2026-12-24T00:00:00', timeZone: 'W. Europe Standard Time' },
    scheduledEndDateTime: utc('2027-01-02T00:00:00'),
    internalReplyMessage: 'Away',
  };
  const written = await write({ automaticRepliesSetting: scheduled });
  const expected = {
    status: 'scheduled',
    externalAudience: 'all',
    internalReplyMessage: 'Away',
    externalReplyMessage: '',
    scheduledStartDateTime: { dateTime: '2026-12-23T23:00:00.0000000', timeZone: 'UTC' },
    scheduledEndDateTime: { dateTime: '2027-01-02T00:00:00.0000000', timeZone: 'UTC' },
  };
  const { '@odata.context': _context, ...members } = JSON.parse(written.text);
  assert.deepEqual(members, { automaticRepliesSetting: expected });
  // The service does not flip the status when the time is over.
  cloud.context.clock.steer({ jumpMs: 400 * 86_400_000 });
  const later = JSON.parse((await settings()).text);
  assert.deepEqual(later.automaticRepliesSetting, expected);
  const disabled = JSON.parse((await write({ automaticRepliesSetting: { status: 'disabled' } })).text);
  assert.deepEqual(disabled.automaticRepliesSetting, { ...expected, status: 'disabled' });
});

test('changes the language, and shows members by selection and by path', async () => {
  await write({ language: { locale: 'fi-FI' } });
  const { '@odata.context': _context, ...chosen } = JSON.parse(
    (await settings('?$select=language,timeZone')).text,
  );
  assert.deepEqual(chosen, {
    timeZone: 'W. Europe Standard Time',
    language: { locale: 'fi-FI', displayName: 'Finnish (Finland)' },
  });
  assert.equal(JSON.parse((await settings('/language')).text).locale, 'fi-FI');
  assert.equal(JSON.parse((await settings('/userPurpose')).text).value, 'user');
  assert.equal((await settings('/nonsense')).status, 404);
  const whole = JSON.parse((await settings()).text);
  assert.equal(JSON.parse((await settings()).text).archiveFolder, whole.archiveFolder);
});

test('refuses settings that cannot be', async () => {
  const now = utc('2026-12-24T00:00:00');
  const cases = [
    { automaticRepliesSetting: { status: 'sometimes' } },
    {
      automaticRepliesSetting: {
        status: 'scheduled',
        scheduledStartDateTime: now,
        scheduledEndDateTime: now,
      },
    },
    { language: { locale: 'not a locale' } },
    { workingHours: { startTime: '25:00:00' } },
    { userPurpose: 'room' },
  ];
  for (const body of cases) {
    const { status, json } = await write(body);
    assert.deepEqual([status, json.error?.code], [400, 'ErrorInvalidParameter'], JSON.stringify(body));
  }
  assert.equal((await write({ timeZone: 'Mars' })).json.error.code, 'TimeZoneNotSupportedException');
});

test('keeps settings over a restart', async (t) => {
  const first = await startCloud();
  const [owner] = first.context.directory.people as [Person];
  const path = `/users/${owner.entraId}/mailboxSettings`;
  await first.call('PATCH', path, { body: { dateFormat: 'yyyy-MM-dd' } });
  await first.stop({ keepFiles: true });
  const second = await startCloud({ directory: first.directory });
  t.after(async () => await second.stop());
  assert.equal(JSON.parse((await second.call('GET', path)).text).dateFormat, 'yyyy-MM-dd');
});

async function settings(more = ''): Promise<Answer> {
  return await cloud.call('GET', `/users/${astrid.entraId}/mailboxSettings${more}`);
}

async function write(body: object): Promise<Answer> {
  const as = cloud.context.directory.outlook;
  return await cloud.call('PATCH', `/users/${astrid.entraId}/mailboxSettings`, { body, as });
}
