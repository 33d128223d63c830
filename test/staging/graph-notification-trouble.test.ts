import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import { at, book, copyOf, guest, instance, MONDAYS, patch } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';
import { type Item, type Subscriber, startSubscriber } from './subscriber.ts';

let tls: TestTls;
let cloud: SimulatedCloud;
let subscriber: Subscriber;
let astrid: Person;
let bruno: Person;

before(async () => {
  tls = await makeTestTls();
});
beforeEach(async () => {
  cloud = await startCloud({ tls, https: true });
  subscriber = await startSubscriber(tls);
  [astrid, bruno] = cloud.context.directory.people as [Person, Person];
  await subscribe(astrid);
});
afterEach(async () => {
  await cloud.stop();
  subscriber.stop();
});

test('tells only of the series when an occurrence is changed or deleted, or answered by an attendee', async () => {
  await subscribe(bruno);
  const master = await book(cloud, astrid, { ...MONDAYS, attendees: [guest(bruno.address)] });
  const copy = await copyOf(cloud, bruno, master);
  await subscriber.items(2);
  const second = await instance(cloud, astrid, master, 1);
  await patch(cloud, astrid, second, { subject: 'Special' });
  await cloud.call('DELETE', at(astrid, await instance(cloud, astrid, master, 2)));
  await cloud.call('POST', `${at(bruno, await instance(cloud, bruno, copy, 0))}/accept`, { body: {} });
  const items = (await subscriber.items(8)).slice(2);
  assert.deepEqual(
    items.map(({ changeType, resourceData }) => [
      changeType,
      resourceData.id === master.id ? 'own' : resourceData.id === copy.id ? 'copy' : 'other',
    ]),
    [
      ['updated', 'own'],
      ['updated', 'copy'],
      ['updated', 'own'],
      ['updated', 'copy'],
      ['updated', 'copy'],
      ['updated', 'own'],
    ],
  );
});

test('repeats notifications and names a wrong change on request', async () => {
  await order({ kind: 'duplicate', copies: 2, times: 1 });
  await order({ kind: 'wrong-change-type', times: 1 });
  const event = await book(cloud, astrid, {});
  await patch(cloud, astrid, event, { subject: 'right again' });
  const items = await subscriber.items(4);
  assert.deepEqual(kinds(items), ['updated', 'updated', 'updated', 'updated']);
  await cloud.call('DELETE', at(astrid, event));
  assert.deepEqual(kinds(await subscriber.items(5)).at(-1), 'deleted');
});

test('loses notifications on request', async () => {
  await order({ kind: 'drop', times: 2 });
  for (let n = 0; n < 2; n += 1) await book(cloud, astrid, {});
  const third = await book(cloud, astrid, {});
  const [item] = await subscriber.items(1);
  assert.equal(item?.resourceData.id, third.id);
});

test('lets a later notification overtake on request', async () => {
  // Slow enough for the patience with the one that waits never to end.
  cloud.context.clock.steer({ speed: 0.001 });
  await order({ kind: 'reorder', times: 1 });
  const [first, second] = [await book(cloud, astrid, {}), await book(cloud, astrid, {})];
  assert.deepEqual(ids(await subscriber.items(2)), [second.id, first.id]);
});

test('does not keep a notification back for ever that none overtakes', async () => {
  await order({ kind: 'reorder', times: 1 });
  const only = await book(cloud, astrid, {});
  cloud.context.clock.steer({ jumpMs: 6_000 });
  assert.deepEqual(ids(await subscriber.items(1)), [only.id]);
});

test('delivers late on request, also over a restart', async (t) => {
  await order({ kind: 'late', delayMs: 600_000, times: 1 });
  const late = await book(cloud, astrid, {});
  const next = await book(cloud, astrid, {});
  assert.deepEqual(ids(await subscriber.items(1)), [next.id]);
  await cloud.stop({ keepFiles: true });
  const second = await startCloud({ tls, directory: cloud.directory });
  t.after(async () => await second.stop());
  second.context.clock.steer({ jumpMs: 601_000 });
  // The one before may come twice: the restart can cut off its delivery.
  let count = 2;
  while (!ids(await subscriber.items(count)).includes(late.id)) count += 1;
});

test('spares other mailboxes and other applications than the ordered ones', async () => {
  await order({ kind: 'drop', mailbox: bruno.address });
  await order({ kind: 'drop', app: 'outlook' });
  const event = await book(cloud, astrid, {});
  assert.deepEqual(ids(await subscriber.items(1)), [event.id]);
});

async function order(misbehaviour: object): Promise<void> {
  assert.equal((await cloud.control('POST', 'misbehaviour', misbehaviour)).status, 201);
}

async function subscribe(owner: Person): Promise<void> {
  const body = {
    changeType: 'created,updated,deleted',
    resource: `/users/${owner.entraId}/events`,
    notificationUrl: `${subscriber.url}/notify`,
    expirationDateTime: new Date(cloud.context.clock.now() + 86_400_000).toISOString(),
  };
  assert.equal((await cloud.call('POST', '/subscriptions', { body })).status, 201);
}

function kinds(items: readonly Item[]): string[] {
  return items.map(({ changeType }) => changeType);
}

function ids(items: readonly Item[]): string[] {
  return items.map(({ resourceData }) => resourceData.id);
}
