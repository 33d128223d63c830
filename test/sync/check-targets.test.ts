import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { checkTargetsJob } from '../../src/sync/check-targets.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, inMinutes } from './future-event.ts';
import { codes, linkOf, meetings, now, remove } from './scheduled-event.ts';

const HOUR_MS = 3_600_000;
const PATCHES = /^PATCH .*\/events\//;
const at = (displayName: string) => ({ location: { displayName } });

async function watched(t: TestContext) {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  return { rig, astrid };
}

/** Lets the time pass until so many hours before the instant, look by look. */
async function passUntil(rig: ConnectedRig, startAt: number, hours: number): Promise<void> {
  rig.jump(startAt - hours * HOUR_MS - rig.deps.clock.now());
  rig.deps.store.write((w) => w.enqueue(checkTargetsJob(rig.deps.clock.now()), rig.deps.clock.now()));
  rig.worker.wake();
  await rig.settled();
}

async function booked(rig: ConnectedRig, keyword: string, listed = 1) {
  const { startAt, ...span } = inMinutes(rig.deps.clock.now(), 30 * 60);
  const event = await book(rig.cloud, rig.person(0), { ...span, ...at(keyword) });
  await rig.until(() => rig.webex.listed(rig.person(0).address) === listed);
  await rig.settled();
  return { event, startAt };
}

test('a personal room that was renamed stands in the invitation a day ahead, after one write', async (t) => {
  const { rig, astrid } = await watched(t);
  const { event, startAt } = await booked(rig, 'Aurora, @webex');
  await passUntil(rig, startAt, 24);
  assert.equal(rig.calls(PATCHES).length, 1, 'nothing has changed');
  rig.webex.setRoom(astrid.address, 'astrid.new');
  await passUntil(rig, startAt, 1);
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, 'Aurora, https://nordwind.webex.com/meet/astrid.new');
  assert.ok(there.body.content.includes('astrid.new@nordwind.webex.com'));
  assert.equal(rig.calls(PATCHES).length, 2);
  await rig.until(async () =>
    (await rig.webex.joinUrls(astrid.address)).includes('https://nordwind.webex.com/meet/astrid.new'),
  );
  assert.ok((await codes(rig, astrid, event)).includes('TARGET_CHANGED'));
});

test('a meeting that was deleted at Webex, and whose number somebody else has, is made anew', async (t) => {
  const { rig, astrid } = await watched(t);
  const { event, startAt } = await booked(rig, '@webex:onetime');
  const [first] = await meetings(rig);
  await rig.cloud.control('DELETE', `/webex/meetings/${first?.id}?recycle=true`);
  await passUntil(rig, startAt, 24);
  const own = (await meetings(rig)).filter(({ hostUserId }) => hostUserId === astrid.webexUserId);
  const [second] = own;
  assert.ok(second !== undefined && own.length === 1);
  assert.notEqual(second.meetingNumber, first?.meetingNumber);
  assert.equal((await now(rig, astrid, event)).location.displayName, linkOf(second));
  assert.ok((await codes(rig, astrid, event)).includes('MEETING_MADE_ANEW'));
});

test('who has no personal room any more raises an alarm, until there is one again', async (t) => {
  const { rig, astrid } = await watched(t);
  const { startAt } = await booked(rig, '@webex');
  const alarms = () => rig.deps.store.read((r) => r.alarms()).map(({ id }) => id);
  rig.webex.setRoom(astrid.address, null);
  await passUntil(rig, startAt, 24);
  assert.deepEqual(alarms(), ['join-target-lost']);
  rig.webex.setRoom(astrid.address, astrid.address.split('@')[0] ?? '');
  await passUntil(rig, startAt, 1);
  assert.deepEqual(alarms(), []);
});

test('the alarm goes with a new name of the room, or when the meeting is called off, and not with a meeting of its own', async (t) => {
  const { rig, astrid } = await watched(t);
  const alarms = () => rig.deps.store.read((r) => r.alarms()).map(({ id }) => id);
  const { event, startAt } = await booked(rig, '@webex');
  const { startAt: _, ...span } = inMinutes(startAt, -60);
  await book(rig.cloud, astrid, { ...span, ...at('@webex:onetime') });
  await rig.until(() => rig.webex.listed(astrid.address) === 2);
  await rig.settled();
  rig.webex.setRoom(astrid.address, null);
  await passUntil(rig, startAt, 24);
  assert.deepEqual(alarms(), ['join-target-lost']);
  await passUntil(rig, startAt, 2);
  assert.deepEqual(alarms(), ['join-target-lost'], 'a meeting of its own says nothing about the room');
  rig.webex.setRoom(astrid.address, 'astrid.new');
  await passUntil(rig, startAt, 1);
  assert.deepEqual(alarms(), []);
  const next = await booked(rig, '@webex', 3);
  rig.webex.setRoom(astrid.address, null);
  await passUntil(rig, next.startAt, 24);
  assert.deepEqual(alarms(), ['join-target-lost']);
  for (const one of [event, next.event]) await remove(rig, astrid, one);
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  await passUntil(rig, next.startAt, 23);
  assert.deepEqual(alarms(), []);
});

test('each day of a series has its looks, and one write serves them all', async (t) => {
  const { rig, astrid } = await watched(t);
  const series = await book(rig.cloud, astrid, { ...daily(4), ...at('@webex') });
  await rig.until(() => rig.webex.listed(astrid.address) === 4);
  await rig.settled();
  rig.webex.setRoom(astrid.address, 'astrid.new');
  await passUntil(rig, Date.parse(`${series.start.dateTime.slice(0, 19)}Z`), 1);
  await rig.until(async () =>
    (await rig.webex.joinUrls(astrid.address)).every((url) => url.endsWith('/astrid.new')),
  );
  await rig.settled();
  assert.equal(rig.calls(PATCHES).length, 2);
});
