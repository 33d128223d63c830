import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book, events, patch } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';

const LOOKS = /^GET .*\/events\/[^/?]+\?/;
const PATCHES = /^PATCH .*\/events\//;
const RENEWALS = /^(PATCH|POST) \/v1\.0\/subscriptions\/./;

test('a created and three updated notifications of one event are one look at it (promise 4)', async (t) => {
  const rig = await ConnectedRig.start(t, { settleMs: 10_000 });
  const astrid = rig.person(0);
  await rig.watch(astrid);
  rig.asked.length = 0;
  const event = await book(rig.cloud, astrid, tomorrow());
  for (const subject of ['a', 'b', 'c']) await patch(rig.cloud, astrid, event, { subject });
  await rig.settled();
  assert.equal(
    rig.deps.store.read((r) => r.inboxCount()),
    4,
  );
  rig.jump(11_000);
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  assert.equal(rig.calls(LOOKS).length, 1);
});

test('the echo of the own write is recognised, and no edit makes a second one (promise 5)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const event = await book(rig.cloud, astrid, { ...tomorrow(), location: { displayName: '@webex' } });
  await rig.until(() => rig.calls(PATCHES).length > 0 && rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  const looks = rig.calls(LOOKS).length;
  assert.ok(looks >= 2, 'the echo was looked at');
  const { id } = await rig.mailbox(astrid);
  const codes = rig.deps.store.read((r) => r.traces(id, event.id)).map(({ code }) => code);
  assert.ok(codes.includes('UNCHANGED'), 'and recognised');
  assert.equal(
    rig.deps.store.read((r) => r.meeting(id, event.id)?.version),
    1,
  );
  for (const subject of ['a', 'b']) {
    await patch(rig.cloud, astrid, event, { subject });
    await rig.settled();
  }
  assert.equal(rig.calls(PATCHES).length, 1);
});

test('a demand to reauthorize that comes twice is met once (promise 6)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  rig.asked.length = 0;
  const order = { event: 'reauthorizationRequired', mailbox: astrid.address };
  for (const _ of ['first', 'again']) {
    assert.equal((await rig.cloud.control('POST', 'lifecycle', order)).status, 200);
    await rig.settled();
  }
  rig.jump(5_000);
  await rig.until(() => rig.calls(RENEWALS).length > 0);
  await rig.settled();
  assert.equal(rig.calls(RENEWALS).length, 1);
  await book(rig.cloud, astrid, tomorrow());
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
});

test('a removed subscription is made anew, and what happened in between is asked for (promise 7)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const [before] = rig.deps.store.read((r) => r.subscriptions());
  const order = { event: 'subscriptionRemoved', mailbox: astrid.address };
  assert.equal((await rig.cloud.control('POST', 'lifecycle', order)).status, 200);
  await rig.settled();
  await book(rig.cloud, astrid, tomorrow());
  await rig.settled();
  assert.equal(rig.webex.listed(astrid.address), 0, 'nobody told of it');
  rig.jump(5_000);
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  const after = rig.deps.store.read((r) => r.subscriptions());
  assert.equal(after.length, 1);
  assert.notEqual(after[0]?.id, before?.id);
  const { json } = await rig.cloud.call('GET', '/subscriptions');
  assert.deepEqual(
    json.value.map(({ id }) => id),
    [after[0]?.id],
  );
});

test('an occurrence that was deleted leaves the list, though only its series is told of (promise 10)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const series = await book(rig.cloud, astrid, daily(3));
  await rig.until(() => rig.webex.listed(astrid.address) === 3);
  await rig.settled();
  const occurrence = (await occurrences(rig, series.id))[1] ?? '';
  const told = async () => (await rig.cloud.control('GET', 'notifications')).json.acknowledged;
  const before = (await told()).length;
  const as = rig.cloud.context.directory.outlook;
  const path = `${events(astrid)}/${encodeURIComponent(occurrence)}`;
  assert.equal((await rig.cloud.call('DELETE', path, { as })).status, 204);
  await rig.until(() => rig.webex.listed(astrid.address) === 2);
  const ids = new Set((await told()).slice(before).map(({ item }) => item.resourceData.id));
  assert.deepEqual([...ids], [series.id]);
});

test('a subscription whose answer was lost is found as the twin it is and replaced (promise 11)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  const order = { kind: 'reset', when: 'after', method: 'POST', path: '/subscriptions$', times: 1 };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', order)).status, 201);
  await rig.watch(astrid);
  assert.ok(rig.calls(/^POST .*\/subscriptions$/).length > 1, 'the first answer was lost');
  const { json } = await rig.cloud.call('GET', '/subscriptions');
  assert.deepEqual(
    json.value.map(({ id }) => id),
    rig.deps.store.read((r) => r.subscriptions()).map(({ id }) => id),
  );
  await book(rig.cloud, astrid, tomorrow());
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
});

async function occurrences(rig: ConnectedRig, seriesId: string): Promise<string[]> {
  const from = new Date().toISOString();
  const to = new Date(Date.now() + 10 * 86_400_000).toISOString();
  const path = `${events(rig.person(0))}/${encodeURIComponent(seriesId)}/instances`;
  const { json } = await rig.cloud.call('GET', `${path}?startDateTime=${from}&endDateTime=${to}`);
  return json.value.map(({ id }) => id);
}
