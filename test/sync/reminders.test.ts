import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { setLead } from '../../src/sync/due-reminders.ts';
import { seedJobs } from '../../src/sync/start.ts';
import { at, book, guest, patch } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { inMinutes, wholeDay } from './future-event.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

async function begun(t: TestContext): Promise<{ rig: ConnectedRig; astrid: Person }> {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  return { rig, astrid };
}

/** Books so many minutes ahead and waits until it stands in the list. */
async function booked(rig: ConnectedRig, minutes: number, members: object = {}) {
  const before = rig.webex.listed(rig.person(0).address);
  const { startAt, ...span } = inMinutes(rig.deps.clock.now(), minutes);
  const event = await book(rig.cloud, rig.person(0), { ...span, ...members });
  await rig.until(() => rig.webex.listed(rig.person(0).address) === before + 1);
  await rig.settled();
  return { event, startAt };
}

/** Puts the time to this many milliseconds after the instant. */
function putTime(rig: ConnectedRig, instant: number, afterMs = 0): void {
  rig.jump(instant + afterMs - rig.deps.clock.now());
}

const LOST = refusalOf({ status: 404 }, true);

const told = (rig: ConnectedRig, count: number) => rig.until(() => rig.webex.reminders.length === count);

test('a reminder comes five minutes before the start, on time, and once', async (t) => {
  const { rig } = await begun(t);
  const { startAt } = await booked(rig, 60);
  putTime(rig, startAt, -5 * MINUTE_MS - 700);
  await rig.settled();
  assert.deepEqual(rig.webex.reminders, [], 'not a moment before');
  await told(rig, 1);
  const lateMs = rig.deps.clock.now() - (startAt - 5 * MINUTE_MS);
  assert.ok(lateMs >= 0 && lateMs < 2_000, `${lateMs} ms late`);
  assert.deepEqual(rig.webex.reminders, [['created', startAt]]);
  putTime(rig, startAt, 10 * MINUTE_MS);
  await rig.settled();
  assert.equal(rig.webex.reminders.length, 1);
});

test('everybody invited has one, back to back and at the same time too', async (t) => {
  const { rig } = await begun(t);
  const bruno = rig.person(1);
  await rig.watch(bruno);
  const attendees = [guest(bruno.address)];
  const starts = [];
  for (const minutes of [60, 60, 90]) starts.push((await booked(rig, minutes, { attendees })).startAt);
  await rig.until(() => rig.webex.listed(bruno.address) === 3);
  await rig.settled();
  putTime(rig, Math.max(...starts), -5 * MINUTE_MS);
  await told(rig, 6);
  const wanted = starts.flatMap((startAt) => [startAt, startAt]).sort();
  assert.deepEqual(rig.webex.reminders.map(([, startAt]) => startAt).sort(), wanted);
});

test('it goes and comes again when the meeting moves, and changes in place when it moves a little', async (t) => {
  const { rig, astrid } = await begun(t);
  const { event, startAt } = await booked(rig, 30);
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  const later = inMinutes(startAt, 60);
  await patch(rig.cloud, astrid, event, { start: later.start, end: later.end });
  await told(rig, 2);
  putTime(rig, later.startAt, -5 * MINUTE_MS);
  await told(rig, 3);
  const little = inMinutes(later.startAt, -2);
  await patch(rig.cloud, astrid, event, { start: little.start, end: little.end });
  await told(rig, 4);
  assert.deepEqual(rig.webex.reminders, [
    ['created', startAt],
    ['withdrawn', null],
    ['created', later.startAt],
    ['updated', little.startAt],
  ]);
});

test('a change that is none for the button is not told', async (t) => {
  const { rig, astrid } = await begun(t);
  const { event, startAt } = await booked(rig, 30);
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  await patch(rig.cloud, astrid, event, { subject: 'Another' });
  await rig.until(async () => (await rig.webex.subjects(astrid.address)).includes('Another'));
  await rig.settled();
  assert.equal(rig.webex.reminders.length, 1);
  const location = { displayName: 'https://nordwind.webex.com/meet/other' };
  await patch(rig.cloud, astrid, event, { location });
  await told(rig, 2);
  assert.deepEqual(rig.webex.reminders[1], ['updated', startAt]);
});

test('it is taken back when the meeting is cancelled, and not before it came', async (t) => {
  const { rig, astrid } = await begun(t);
  const first = await booked(rig, 30);
  const second = await booked(rig, 30);
  const as = rig.cloud.context.directory.outlook;
  await rig.cloud.call('DELETE', at(astrid, second.event), { as });
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  putTime(rig, first.startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  await rig.cloud.call('DELETE', at(astrid, first.event), { as });
  await told(rig, 2);
  putTime(rig, first.startAt, MINUTE_MS);
  await rig.settled();
  assert.deepEqual(rig.webex.reminders, [
    ['created', first.startAt],
    ['withdrawn', null],
  ]);
});

test('it is taken back from who declines, and from nobody else', async (t) => {
  const { rig, astrid } = await begun(t);
  const bruno = rig.person(1);
  await rig.watch(bruno);
  const { startAt } = await booked(rig, 30, { attendees: [guest(bruno.address)] });
  await rig.until(() => rig.webex.listed(bruno.address) === 1);
  await rig.settled();
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 2);
  const { id } = await rig.mailbox(bruno);
  const [row] = rig.deps.store.read((r) => r.meetingsOf(id));
  const as = rig.cloud.context.directory.outlook;
  const path = `${at(bruno, { id: row?.eventId ?? '' })}/decline`;
  assert.equal((await rig.cloud.call('POST', path, { as, body: { sendResponse: false } })).status, 202);
  await told(rig, 3);
  await rig.settled();
  assert.deepEqual(rig.webex.reminders[2], ['withdrawn', null]);
  assert.equal(rig.webex.listed(astrid.address), 1);
  assert.equal(rig.webex.reminders.length, 3);
});

test('a whole day has none unless it can be joined', async (t) => {
  const { rig, astrid } = await begun(t);
  const day = wholeDay(2);
  await book(rig.cloud, astrid, day);
  const location = { displayName: 'https://nordwind.webex.com/meet/ann' };
  await book(rig.cloud, astrid, { ...day, location });
  await rig.until(() => rig.webex.listed(astrid.address) === 2);
  await rig.settled();
  putTime(rig, Date.parse(`${day.start.dateTime}Z`), -5 * MINUTE_MS);
  await told(rig, 1);
  putTime(rig, Date.parse(`${day.start.dateTime}Z`), MINUTE_MS);
  await rig.settled();
  assert.equal(rig.webex.reminders.length, 1);
});

test('what fell due while Webex was away comes within five seconds of its return, if the meeting has not ended', async (t) => {
  const { rig } = await begun(t);
  const first = await booked(rig, 30);
  const second = await booked(rig, 60);
  rig.webex.isDown = true;
  putTime(rig, first.startAt, -5 * MINUTE_MS);
  await rig.until(() => rig.changes.some(({ alarm }) => alarm === 'webex-unreachable'));
  // Long enough for the longest pause that there is.
  for (let tries = 0; tries < 12; tries += 1) {
    const before = rig.deps.upstreams.health('webex').failures;
    rig.jump(4_000);
    await rig.until(() => rig.deps.upstreams.health('webex').failures > before);
  }
  putTime(rig, second.startAt, 6 * MINUTE_MS);
  const { id } = await rig.mailbox(rig.person(0));
  const codes = () => rig.deps.store.read((r) => r.traces(id, first.event.id)).map(({ code }) => code);
  await rig.until(() => codes().includes('REMINDER_TOO_LATE'));
  await rig.until(() => rig.jobs("kind = 'remind' AND ? > 0").length === 1);
  rig.webex.isDown = false;
  const back = rig.deps.clock.now();
  await told(rig, 1);
  assert.ok(rig.deps.clock.now() - back < 5_000);
  await rig.settled();
  assert.deepEqual(rig.webex.reminders, [['created', second.startAt]]);
});

test('an answer that was lost leaves one reminder', async (t) => {
  const { rig } = await begun(t);
  const { startAt } = await booked(rig, 30);
  rig.webex.losesAnswers = true;
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  await rig.until(() => rig.changes.length > 0);
  rig.webex.losesAnswers = false;
  rig.jump(5_000);
  await rig.until(
    () =>
      rig.deps.upstreams.health('webex').failures === 0 || rig.jobs("kind = 'remind' AND ? > 0").length === 0,
  );
  await rig.settled();
  assert.deepEqual(rig.webex.reminders, [['created', startAt]]);
});

test('a start sends what fell due before it', async (t) => {
  const { rig } = await begun(t);
  const { startAt } = await booked(rig, 60);
  await rig.worker.stop();
  putTime(rig, startAt, MINUTE_MS);
  const again = rig.successor();
  seedJobs(rig.deps);
  again.start();
  await told(rig, 1);
  assert.deepEqual(rig.webex.reminders, [['created', startAt]]);
});

test('a clock that was a day ahead for a while loses no reminder and doubles none', async (t) => {
  const { rig } = await begun(t);
  const first = await booked(rig, 30);
  const second = await booked(rig, 90);
  putTime(rig, first.startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  rig.jump(DAY_MS);
  await rig.settled();
  rig.jump(-DAY_MS);
  putTime(rig, first.startAt, -10 * MINUTE_MS);
  await rig.settled();
  putTime(rig, second.startAt, -5 * MINUTE_MS);
  await told(rig, 2);
  await rig.settled();
  assert.deepEqual(rig.webex.reminders, [
    ['created', first.startAt],
    ['created', second.startAt],
  ]);
});

test('a mailbox may have a lead of its own, which counts for what is planned already', async (t) => {
  const { rig, astrid } = await begun(t);
  const { startAt } = await booked(rig, 60);
  const { id } = await rig.mailbox(astrid);
  assert.equal(setLead(rig.deps, id, 20 * MINUTE_MS), true);
  assert.equal(setLead(rig.deps, id + 1, 0), false);
  putTime(rig, startAt, -20 * MINUTE_MS);
  await told(rig, 1);
  const next = await booked(rig, 60);
  setLead(rig.deps, id, null);
  putTime(rig, next.startAt, -20 * MINUTE_MS);
  await rig.settled();
  assert.equal(rig.webex.reminders.length, 1);
  putTime(rig, next.startAt, -5 * MINUTE_MS);
  await told(rig, 2);
});

test('a meeting that moves while its reminder is on its way ends with the reminder of the new time', async (t) => {
  const { rig, astrid } = await begun(t);
  const { event, startAt } = await booked(rig, 30);
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  rig.webex.before = () => {
    reached.resolve();
    return released.promise;
  };
  putTime(rig, startAt, -5 * MINUTE_MS);
  await reached.promise;
  const later = inMinutes(startAt, 60);
  await patch(rig.cloud, astrid, event, { start: later.start, end: later.end });
  await rig.until(() => rig.jobs("kind = 'remind' AND ? > 0").length === 2);
  released.resolve();
  await told(rig, 2);
  putTime(rig, later.startAt, -5 * MINUTE_MS);
  await told(rig, 3);
  assert.deepEqual(
    rig.webex.reminders.map(([outcome]) => outcome),
    ['created', 'withdrawn', 'created'],
  );
});

test('a mailbox that Microsoft shuts has its reminders all the same', async (t) => {
  const { rig, astrid } = await begun(t);
  const { startAt } = await booked(rig, 60);
  const order = { mailbox: astrid.address, state: 'moved' };
  assert.equal((await rig.cloud.control('PUT', 'mailbox-state', order)).status, 204);
  rig.jump(20 * MINUTE_MS);
  await rig.until(async () => (await rig.mailbox(astrid)).state === 'error');
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  assert.equal((await rig.mailbox(astrid)).state, 'error');
});

test('it is sealed under the key that seals now, which need not be the one that its meeting is sealed under', async (t) => {
  const { rig, astrid } = await begun(t);
  const { event, startAt } = await booked(rig, 30);
  const { id } = await rig.mailbox(astrid);
  const before = rig.deps.store.read((r) => r.meeting(id, event.id)?.keyUri) ?? '';
  rig.kms.ended.add(before);
  putTime(rig, startAt, -5 * MINUTE_MS);
  await told(rig, 1);
  await rig.settled();
  const [used = ''] = rig.webex.reminderKeys;
  assert.notEqual(used, before);
  assert.equal(used, rig.deps.store.read((r) => r.sealingKey(id, rig.deps.clock.now()))?.uri);
  assert.equal(rig.webex.reminders.length, 1);
});

test('a meeting that takes no time is reminded of at its start too, and shown for a minute', async (t) => {
  const { rig, astrid } = await begun(t);
  const { startAt, start } = inMinutes(rig.deps.clock.now(), 30);
  const { id } = await rig.mailbox(astrid);
  setLead(rig.deps, id, 0);
  await book(rig.cloud, astrid, { start, end: start });
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  putTime(rig, startAt);
  await told(rig, 1);
  assert.deepEqual(rig.webex.reminders, [['created', startAt]]);
});

test('a reminder whose key is lost waits until its meeting was read anew, and comes then', async (t) => {
  const { rig, astrid } = await begun(t);
  const { event, startAt } = await booked(rig, 60);
  const { id } = await rig.mailbox(astrid);
  const lost = rig.deps.store.read((r) => r.meeting(id, event.id)?.keyUri) ?? '';
  const order = { mailbox: astrid.address, state: 'moved' };
  assert.equal((await rig.cloud.control('PUT', 'mailbox-state', order)).status, 204);
  rig.kms.refused.set(lost, LOST);
  putTime(rig, startAt, -5 * MINUTE_MS);
  const now = rig.deps.clock.now();
  await rig.until(() => (rig.deps.store.read((r) => r.reminder(id, event.id))?.dueAt ?? 0) > now + 50_000);
  assert.deepEqual(rig.webex.reminders, []);
  assert.equal((await rig.cloud.control('PUT', 'mailbox-state', { ...order, state: 'ok' })).status, 204);
  rig.jump(2 * MINUTE_MS);
  await told(rig, 1);
  assert.deepEqual(rig.webex.reminders, [['created', startAt]]);
});

test('one that is booked minutes before its start counts as late from then on only', async (t) => {
  const { rig } = await begun(t);
  const late: (number | null)[] = [];
  const reminderTold = ({ lateMs }: { readonly lateMs: number | null }) => late.push(lateMs);
  const events = new Proxy(
    {},
    { get: (_, name) => (name === 'reminderTold' ? reminderTold : () => undefined) },
  );
  Reflect.set(rig.deps, 'events', events);
  await booked(rig, 2);
  await told(rig, 1);
  await rig.until(() => late.length === 1);
  assert.ok((late[0] ?? Number.POSITIVE_INFINITY) < 60_000, `${late[0]} ms`);
});
