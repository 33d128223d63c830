import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHtml } from '../../src/domain/html-text.ts';
import { askUndecoration } from '../../src/sync/undecorate.ts';
import { at, book, instances } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, codes, meetings, now, ownWrites } from './scheduled-event.ts';

const PATCHES = /^PATCH .*\/events\//;
const BODY = { contentType: 'html', content: '<html><body><p>See <b>you</b> there</p></body></html>' };
const place = (displayName: string) => ({ location: { displayName }, body: BODY });

test('keywords are put back as they were typed, and nothing of ours is left in calendars or in Webex', async (t) => {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  const events = [
    [astrid, 'Room 1, @Webex : OneTime'],
    [astrid, '@webex please'],
    [bruno, '@MEET'],
  ] as const;
  const booked = [];
  for (const [owner, typed] of events)
    booked.push({ owner, typed, event: await book(rig.cloud, owner, { ...tomorrow(), ...place(typed) }) });
  await rig.settled();
  assert.equal((await meetings(rig)).length, 2);
  const { id } = await rig.mailbox(astrid);
  assert.equal(await askUndecoration(rig.deps, null, true), 3);
  assert.equal(await askUndecoration(rig.deps, id, false), 2);
  await rig.settled();
  assert.equal(await askUndecoration(rig.deps, null, true), 1, 'the other mailbox');
  assert.equal(await askUndecoration(rig.deps, null, false), 1);
  await rig.settled();
  for (const { owner, typed, event } of booked) {
    const there = await now(rig, owner, event);
    assert.equal(there.location.displayName, typed);
    assert.equal(readHtml(there.body.content).text, 'See you there');
  }
  assert.deepEqual(await meetings(rig), []);
  assert.equal(rig.calls(PATCHES).length, 6, 'one write each way');
});

test('a keyword that was put back stays until it is typed anew', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...place('@webex') });
  await rig.settled();
  await askUndecoration(rig.deps, null, false);
  await rig.settled();
  await change(rig, astrid, event, { subject: 'Other' });
  await rig.settled();
  assert.equal((await now(rig, astrid, event)).location.displayName, '@webex');
  assert.ok((await codes(rig, astrid, event)).includes('UNDECORATED'));
  for (const displayName of ['Room 1', '@webex']) {
    await change(rig, astrid, event, { location: { displayName } });
    await rig.settled();
  }
  assert.match((await now(rig, astrid, event)).location.displayName, /\/meet\//);
});

test('exceptions that took our text over from their series are put back with it', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const series = await book(rig.cloud, astrid, { ...daily(4), ...place('@webex:onetime') });
  await rig.settled();
  const until = new Date(Date.now() + 10 * 86_400_000).toISOString();
  const window = `startDateTime=${series.start.dateTime}&endDateTime=${until}`;
  const [, second] = await instances(rig.cloud, astrid, series, window);
  assert.ok(second);
  await change(rig, astrid, second, { subject: 'Moved on' });
  await rig.settled();
  await askUndecoration(rig.deps, null, false);
  await rig.settled();
  for (const event of [series, second]) {
    const { json } = await rig.cloud.call('GET', at(astrid, event));
    assert.equal(json.location.displayName, '@webex:onetime');
    assert.equal(readHtml(json.body.content).text, 'See you there');
  }
  assert.deepEqual(await meetings(rig), []);
});

test('a keyword is put back when the calendar shows what we wrote, and its meeting stays until then', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  await misbehave(rig, { kind: 'latency', method: 'PATCH', delayMs: 1_500, when: 'before', times: 1 });
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...place('@Webex:OneTime, Room 1') });
  await rig.until(() => rig.calls(PATCHES).length === 1);
  await misbehave(rig, { kind: 'stale-read', lagMs: 30 * 60_000, times: 1 });
  await rig.until(async () => (await codes(rig, astrid, event)).includes('DECORATED'));
  await rig.settled();
  await askUndecoration(rig.deps, null, false);
  await rig.until(() => rig.jobs().some((job) => job.endsWith('READING_OUTDATED')));
  assert.equal((await meetings(rig)).length, 1);
  assert.ok(!(await codes(rig, astrid, event)).includes('UNDECORATED'));
  rig.jump(31 * 60_000);
  await rig.until(async () => (await codes(rig, astrid, event)).includes('UNDECORATED'));
  await rig.settled();
  const there = await now(rig, astrid, event);
  assert.equal(there.location.displayName, '@Webex:OneTime, Room 1');
  assert.equal(readHtml(there.body.content).text, 'See you there');
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 2, 'one each way');
});

test('a keyword that was put back by a write whose answer is lost is not put back again', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...place('@webex:onetime') });
  await rig.settled();
  await misbehave(rig, { kind: 'reset', method: 'PATCH', when: 'after', times: 1 });
  await askUndecoration(rig.deps, null, false);
  await rig.until(async () => (await codes(rig, astrid, event)).includes('UNDECORATED'));
  await rig.settled();
  assert.equal((await now(rig, astrid, event)).location.displayName, '@webex:onetime');
  assert.deepEqual(await meetings(rig), []);
  assert.equal(await ownWrites(rig), 2);
});

async function misbehave(rig: ConnectedRig, order: object): Promise<void> {
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', order)).status, 201);
}
