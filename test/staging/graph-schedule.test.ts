import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { book, MONDAYS, utc } from './graph-calendar.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

interface Schedule {
  readonly scheduleId: string;
  readonly availabilityView?: string;
  readonly scheduleItems?: readonly {
    readonly subject?: string;
    readonly status: string;
    readonly start: { readonly dateTime: string };
  }[];
  readonly workingHours?: { readonly startTime: string };
  readonly error?: { readonly responseCode: string };
}

const MORNING = { startTime: utc('2026-10-26T08:00:00'), endTime: utc('2026-10-26T12:00:00') };

let cloud: SimulatedCloud;
let astrid: Person;
let bruno: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid, bruno] = cloud.context.directory.people as [Person, Person];
});
after(async () => await cloud.stop());

test('tells when people are free, and more of it only of the own calendar', async () => {
  await book(cloud, astrid, { ...MONDAYS, location: { displayName: 'Hall' } });
  const times = (from: string, to: string) => ({
    start: utc(`2026-10-26T${from}:00`),
    end: utc(`2026-10-26T${to}:00`),
  });
  await book(cloud, bruno, { ...times('08:00', '08:30'), showAs: 'tentative' });
  await book(cloud, bruno, { ...times('08:15', '09:30'), showAs: 'oof' });
  await book(cloud, bruno, { ...times('10:00', '11:00'), showAs: 'workingElsewhere' });
  await book(cloud, bruno, { ...times('11:00', '12:00'), showAs: 'free' });
  const [own, other] = await schedules({
    schedules: [astrid.address, bruno.address.toUpperCase()],
    ...MORNING,
  });
  assert.equal(own?.availabilityView, '00220000');
  assert.deepEqual(
    own?.scheduleItems?.map(({ subject, start }) => [subject, start.dateTime]),
    [['Weekly', '2026-10-26T09:00:00.0000000']],
  );
  assert.equal(own?.workingHours?.startTime, '08:00:00.0000000');
  assert.equal(other?.scheduleId, bruno.address.toUpperCase());
  assert.equal(other?.availabilityView, '33304400');
  assert.deepEqual(
    other?.scheduleItems?.map(({ status }) => status),
    ['tentative', 'oof', 'workingElsewhere', 'free'],
  );
  assert.ok(other?.scheduleItems?.every((item) => !('subject' in item)));
});

test('counts all-day events as days of the zone that is asked for', async () => {
  const chidi = cloud.context.directory.people[2] as Person;
  await book(cloud, chidi, {
    isAllDay: true,
    start: utc('2026-10-26T00:00:00'),
    end: utc('2026-10-27T00:00:00'),
  });
  const body = {
    schedules: [chidi.address],
    startTime: utc('2026-10-25T12:00:00'),
    endTime: utc('2026-10-26T18:00:00'),
    availabilityViewInterval: 180,
  };
  const [inUtc] = await schedules(body);
  assert.equal(inUtc?.availabilityView, '0000222222');
  const answer = await ask(body, 'outlook.timezone="Tokyo Standard Time"');
  const [inTokyo] = (JSON.parse(answer.text) as { value: Schedule[] }).value;
  assert.equal(inTokyo?.availabilityView, '0222222220');
  assert.equal(inTokyo?.scheduleItems?.[0]?.start.dateTime, '2026-10-26T00:00:00.0000000');
});

test('says in its place what is wrong with one schedule', async () => {
  await cloud.control('PUT', 'mailbox-state', { mailbox: bruno.address, state: 'moved' });
  const found = await schedules({
    schedules: [astrid.entraId, 'nobody@nordwind.example', bruno.address, astrid.address],
    ...MORNING,
  });
  assert.deepEqual(
    found.map(({ error }) => error?.responseCode),
    ['ErrorInvalidSmtpAddress', 'ErrorMailRecipientNotFound', '5016', undefined],
  );
  await cloud.control('PUT', 'mailbox-state', { mailbox: bruno.address, state: 'ok' });
});

test('refuses what goes over the limits; parameter names compare without case', async () => {
  const code = async (body: object): Promise<string> => (await ask(body)).json.error?.code;
  const many = Array.from({ length: 101 }, (_, n) => `p${n}@nordwind.example`);
  assert.equal(await code({ schedules: many, ...MORNING }), 'ErrorMailboxDataArrayTooBig');
  const long = { startTime: utc('2026-10-01T00:00:00'), endTime: utc('2026-12-03T00:00:00') };
  assert.equal(await code({ schedules: [astrid.address], ...long }), 'ErrorTimeIntervalTooBig');
  const backwards = { startTime: MORNING.endTime, endTime: MORNING.startTime };
  assert.equal(await code({ schedules: [astrid.address], ...backwards }), 'ErrorInvalidTimeInterval');
  for (const availabilityViewInterval of [4, 1441])
    assert.equal(
      await code({ schedules: [astrid.address], ...MORNING, availabilityViewInterval }),
      'ErrorInvalidParameter',
    );
  assert.equal(
    await code({ schedules: [astrid.address], ...MORNING, availabilityViewInterval: 241 }),
    'ErrorInvalidMergedFreeBusyInterval',
  );
  const capital = { Schedules: [astrid.address], StartTime: MORNING.startTime, EndTime: MORNING.endTime };
  assert.equal((await ask(capital)).status, 200);
});

async function ask(body: object, prefer = 'outlook.timezone="UTC"'): Promise<Answer> {
  return await cloud.call('POST', `/users/${astrid.entraId}/calendar/getSchedule`, {
    body,
    headers: { prefer },
  });
}

async function schedules(body: object): Promise<readonly Schedule[]> {
  const { status, text } = await ask(body);
  assert.equal(status, 200, text);
  return JSON.parse(text).value;
}
