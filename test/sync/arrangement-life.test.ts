import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { COMMAND_LINE } from '../../src/domain/audit.ts';
import { readHtml } from '../../src/domain/html-text.ts';
import { askRemoval } from '../../src/sync/remove-mailbox.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, codes, linkOf, meetings, now, occurrenceOf, remove } from './scheduled-event.ts';

const PATCHES = /^PATCH .*\/events\//;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BODY = { contentType: 'html', content: '<html><body><p>See you there</p></body></html>' };
const at = (displayName: string) => ({ location: { displayName }, body: BODY });

async function watched(t: TestContext) {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  return { rig, astrid };
}

/** One event with this keyword, answered. */
async function answered(t: TestContext, keyword: string) {
  const { rig, astrid } = await watched(t);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at(keyword) });
  await rig.settled();
  return { rig, astrid, event };
}

function alarms(rig: ConnectedRig): string[] {
  return rig.deps.store.read((r) => r.alarms()).map(({ id }) => id);
}

async function fault(rig: ConnectedRig, order: object): Promise<void> {
  const { status } = await rig.cloud.control('POST', '/webex/faults', { path: '/v1/meetings', ...order });
  assert.ok(status < 300);
}

test('of two keywords only the first one counts, also when the event changes later', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex or @meet');
  const far = await book(rig.cloud, astrid, { ...tomorrow(100 * 24), ...at('@webex or @meet') });
  await change(rig, astrid, event, { subject: 'Other' });
  await rig.settled();
  for (const one of [event, far])
    assert.match((await now(rig, astrid, one)).location.displayName, /\/meet\/\S+ or @meet$/);
  assert.equal(rig.calls(PATCHES).length, 2);
});

test('a block that was deleted is not put back with another meeting; the address is', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await change(rig, astrid, event, { body: BODY });
  await rig.settled();
  const [first] = await meetings(rig);
  await rig.cloud.control('DELETE', `/webex/meetings/${first?.id}`);
  await change(rig, astrid, event, tomorrow(2));
  await rig.settled();
  const [second] = await meetings(rig);
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, linkOf(second ?? assert.fail()));
  assert.equal(readHtml(there.body.content).text, 'See you there');
});

test('a meeting whose space was deleted with it gets another space', async (t) => {
  const { rig, astrid, event } = await answered(t, '@meet');
  const [first] = await meetings(rig);
  await rig.cloud.control('DELETE', `/webex/rooms/${first?.roomId}`);
  await rig.cloud.control('DELETE', `/webex/meetings/${first?.id}`);
  await change(rig, astrid, event, tomorrow(2));
  await rig.settled();
  const [second] = await meetings(rig);
  assert.notEqual(second?.roomId, first?.roomId);
  assert.equal((await now(rig, astrid, event)).location.displayName, linkOf(second ?? assert.fail()));
});

test('a keyword that nothing can be made for takes what it replaces out of the invitation', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  const { start } = tomorrow();
  const { end } = tomorrow(72);
  await change(rig, astrid, event, { start, end, location: { displayName: '@webex:onetime' } });
  await rig.settled();
  assert.ok((await codes(rig, astrid, event)).includes('LONGER_THAN_A_DAY'));
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, '@webex:onetime');
  assert.equal(readHtml(there.body.content).text, 'See you there');
  assert.deepEqual(await meetings(rig), []);
});

test('what was arranged is known until the event ends, however far it was moved', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await change(rig, astrid, event, tomorrow(20 * 24));
  await rig.settled();
  rig.jump(12 * DAY_MS);
  await rig.settled();
  await remove(rig, astrid, event);
  await rig.settled();
  assert.deepEqual(await meetings(rig), []);
});

test('a series of which no occurrence is left is not answered', async (t) => {
  const { rig, astrid } = await watched(t);
  const { recurrence, ...span } = daily(3);
  const daysOfWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const pattern = { type: 'weekly', interval: 1, daysOfWeek };
  const series = await book(rig.cloud, astrid, { ...span, recurrence: { ...recurrence, pattern } });
  await rig.settled();
  rig.jump(8 * DAY_MS);
  await rig.settled();
  await change(rig, astrid, series, at('@webex'));
  await rig.settled();
  assert.deepEqual(await codes(rig, astrid, series), ['PAST']);
  assert.equal(rig.calls(PATCHES).length, 0);
});

test('a move that Webex takes no more of today is made up for when it does', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  const [held] = await meetings(rig);
  await fault(rig, { method: 'PATCH', status: 429, retryAfter: '3600' });
  await change(rig, astrid, event, tomorrow(5));
  await rig.settled();
  assert.ok((await codes(rig, astrid, event)).includes('MEETING_LIMIT_REACHED'));
  rig.jump(1.1 * HOUR_MS);
  await rig.settled();
  const [moved] = await meetings(rig);
  assert.equal((moved?.start ?? 0) - (held?.start ?? 0), 5 * HOUR_MS);
  assert.deepEqual(alarms(rig), []);
});

test('the limit of a day is not run against over and over by an occurrence and its series', async (t) => {
  const { rig, astrid } = await watched(t);
  await rig.cloud.control('PUT', '/webex/scheduling', { perHost: 0 });
  const series = await book(rig.cloud, astrid, daily(5));
  await rig.settled();
  const second = await occurrenceOf(rig, astrid, series, 1);
  for (const subject of ['One', 'Two', 'Three']) {
    await change(rig, astrid, second, { ...at('@webex:onetime'), subject });
    await rig.settled();
  }
  const tries = (await codes(rig, astrid, second)).filter((code) => code === 'MEETING_LIMIT_REACHED').length;
  assert.ok(tries <= 6, `${tries} tries for three edits`);
});

test('the alarm about the limit ends when nobody waits for a meeting any more', async (t) => {
  const { rig, astrid } = await watched(t);
  await rig.cloud.control('PUT', '/webex/scheduling', { perHost: 0 });
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...at('@webex:onetime') });
  await rig.settled();
  assert.deepEqual(alarms(rig), ['meeting-limit']);
  await remove(rig, astrid, event);
  await rig.settled();
  rig.jump(1.1 * HOUR_MS);
  await rig.settled();
  assert.deepEqual(alarms(rig), []);
});

test('what Webex refuses to delete is an alarm and tried again until it is gone', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await fault(rig, { method: 'DELETE', status: 403, times: 2 });
  await remove(rig, astrid, event);
  await rig.settled();
  assert.deepEqual(alarms(rig), ['webex-leftovers']);
  assert.ok((await codes(rig, astrid, event)).includes('LEFT_AT_WEBEX'));
  rig.jump(6.1 * HOUR_MS);
  await rig.settled();
  assert.deepEqual(alarms(rig), ['webex-leftovers']);
  assert.equal((await meetings(rig)).length, 1);
  rig.jump(6.1 * HOUR_MS);
  await rig.settled();
  assert.deepEqual(alarms(rig), []);
  assert.deepEqual(await meetings(rig), []);
});

test('a refusal holds up no other keyword, and counts as done when Webex knows the host no more', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await fault(rig, { method: 'DELETE', status: 403 });
  await change(rig, astrid, event, at('@webex'));
  await rig.settled();
  assert.match((await now(rig, astrid, event)).location.displayName, /\/meet\/astrid/);
  assert.deepEqual(alarms(rig), ['webex-leftovers']);
  rig.webex.leaves(astrid.address);
  await fault(rig, { method: 'DELETE', status: 403 });
  rig.jump(6.1 * HOUR_MS);
  await rig.settled();
  assert.deepEqual(alarms(rig), []);
});

test('a mailbox is removed only when Webex lets go of its meetings', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await fault(rig, { method: 'DELETE', status: 403, times: 9 });
  await remove(rig, astrid, event);
  await rig.settled();
  const { id } = await rig.mailbox(astrid);
  askRemoval(rig.deps, id, COMMAND_LINE);
  await rig.until(() => rig.jobs().includes('remove-mailbox waiting WEBEX_DELETE_REFUSED'));
  await rig.cloud.control('DELETE', '/webex/faults');
  rig.jump(6.1 * HOUR_MS);
  await rig.until(() => rig.jobs("kind = 'end-leftover' AND ? > 0").length === 0);
  rig.jump(1.1 * HOUR_MS);
  await rig.until(() => rig.deps.store.read((r) => r.mailbox(id)) === null);
  assert.deepEqual(await meetings(rig), []);
});

test('a mailbox that is removed leaves no meeting behind that is in no invitation any more', async (t) => {
  const { rig, astrid, event } = await answered(t, '@webex:onetime');
  await fault(rig, { method: 'DELETE', status: 503 });
  await remove(rig, astrid, event);
  await rig.until(() => rig.jobs().some((job) => job.includes('WEBEX_UNREACHABLE')));
  const { id } = await rig.mailbox(astrid);
  askRemoval(rig.deps, id, COMMAND_LINE);
  await rig.until(() => rig.deps.store.read((r) => r.mailbox(id)) === null);
  assert.deepEqual(await meetings(rig), []);
});
