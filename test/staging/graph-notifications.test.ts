import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import { type Answer, type AnswerBody, type SimulatedCloud, startCloud } from './simulated-cloud.ts';
import { type Subscriber, startSubscriber } from './subscriber.ts';

const NOON = {
  start: { dateTime: '2026-12-02T12:00:00', timeZone: 'UTC' },
  end: { dateTime: '2026-12-02T13:00:00', timeZone: 'UTC' },
};
const MINUTE = 60_000;

let tls: TestTls;
let cloud: SimulatedCloud;
let subscriber: Subscriber;

before(async () => {
  tls = await makeTestTls();
});
beforeEach(async () => {
  cloud = await startCloud({ tls });
  subscriber = await startSubscriber(tls);
});
afterEach(async () => {
  await cloud.stop();
  subscriber.stop();
});

test('shakes hands with both addresses before it grants a subscription', async () => {
  const made = await subscribe();
  assert.equal(made.status, 201);
  assert.equal(made.json.clientState, 'secret');
  assert.deepEqual(
    subscriber.handshakes.map(({ path, contentType }) => [path, contentType]),
    [
      ['/notify', 'text/plain; charset=utf-8'],
      ['/lifecycle', 'text/plain; charset=utf-8'],
    ],
  );
  assert.equal((await cloud.call('GET', `/subscriptions/${made.json.id}`)).json.clientState, null);
});

test('refuses an address that does not echo the token, answers badly or is not trusted', async () => {
  subscriber.spoil = encodeURIComponent;
  assert.deepEqual(await failure(), [400, 'InvalidRequest']);
  subscriber.spoil = null;
  const stranger = await startSubscriber(await makeTestTls());
  assert.deepEqual(await failure({ notificationUrl: `${stranger.url}/notify` }), [400, 'InvalidRequest']);
  stranger.stop();
  assert.deepEqual(await failure({ notificationUrl: 'http://127.0.0.1:1/notify' }), [400, 'InvalidRequest']);
  assert.equal((await cloud.call('GET', '/subscriptions')).json.value.length, 0);
});

test('refuses a twin by name, too long a life and unknown mailboxes; raises too short a life', async () => {
  const made = await subscribe();
  const twin = await subscribe();
  assert.deepEqual([twin.status, twin.json.error.code], [409, 'ObjectIdentifierInUse']);
  assert.ok(twin.json.error.message.includes(made.json.id));
  const bruno = cloud.context.directory.people[1]?.address;
  assert.deepEqual(await failure({ expirationDateTime: inMinutes(10_090) }), [400, 'InvalidRequest']);
  assert.deepEqual(await failure({ resource: '/users/nobody/events' }), [404, 'ExtensionError']);
  assert.deepEqual(await failure({ resource: '/me/messages' }), [400, 'ExtensionError']);
  const short = await subscribe({ resource: `users/${bruno}/events`, expirationDateTime: inMinutes(1) });
  assert.ok(Date.parse(short.json.expirationDateTime) >= cloud.context.clock.now() + 44 * MINUTE);
});

test('renews, removes and forgets what expired on the simulated clock', async () => {
  const { json } = await subscribe({ expirationDateTime: inMinutes(60) });
  const path = `/subscriptions/${json.id}`;
  const renewed = await cloud.call('PATCH', path, { body: { expirationDateTime: inMinutes(120) } });
  assert.equal(renewed.status, 200);
  assert.equal((await cloud.call('GET', path, { as: cloud.context.directory.outlook })).status, 404);
  cloud.context.clock.steer({ jumpMs: 90 * MINUTE });
  assert.equal((await cloud.call('GET', path)).status, 200);
  cloud.context.clock.steer({ jumpMs: 60 * MINUTE });
  assert.equal(
    (await cloud.call('PATCH', path, { body: { expirationDateTime: inMinutes(60) } })).status,
    404,
  );
  const again = await subscribe();
  assert.equal(again.status, 201);
  assert.equal((await cloud.call('DELETE', `/subscriptions/${again.json.id}`)).status, 204);
  assert.equal((await cloud.call('DELETE', `/subscriptions/${again.json.id}`)).status, 404);
});

test('tells what was created, updated and deleted, with the version in the etag', async () => {
  const made = await subscribe();
  const event = await book();
  const [created] = await subscriber.items(1);
  assert.equal(created?.changeType, 'created');
  assert.equal(created?.resource, `Users/${astrid().entraId}/Events/${event.id}`);
  assert.deepEqual([created?.subscriptionId, created?.clientState], [made.json.id, 'secret']);
  const tail = Buffer.from(created?.resourceData['@odata.etag'].slice(3, -1) ?? '', 'base64').subarray(8);
  assert.equal(tail.toString('base64'), event.changeKey);
  await cloud.call('PATCH', path(event), { body: { subject: 'New' } });
  await subscriber.items(2);
  await cloud.call('DELETE', path(event));
  const kinds = (await subscriber.items(3)).map(({ changeType }) => changeType);
  assert.deepEqual(kinds, ['created', 'updated', 'deleted']);
});

test('tries again after a 503 until the subscriber takes it', async () => {
  await subscribe();
  subscriber.statuses.push(503);
  const event = await book();
  const [item] = await subscriber.items(1);
  assert.equal(item?.resourceData.id, event.id);
  assert.equal(subscriber.batches.length, 2);
});

test('delivers after a restart what nobody took before', async () => {
  await subscribe();
  subscriber.statuses.push(500);
  const event = await book();
  await subscriber.requests(1);
  await cloud.stop({ keepFiles: true });
  cloud = await startCloud({ tls, directory: cloud.directory });
  const [item] = await subscriber.items(1);
  assert.equal(item?.resourceData.id, event.id);
});

test('sends together what waits for one address, and repeats on request', async () => {
  await subscribe();
  const event = await book();
  await subscriber.items(1);
  const asked = await cloud.control('POST', 'renotify', {
    mailbox: astrid().address,
    eventId: event.id,
    times: 50,
  });
  assert.equal(asked.json.queued, 50);
  const items = await subscriber.items(51);
  assert.deepEqual(items[50], items[1]);
  assert.equal(subscriber.batches.length, 2);
});

test('tells everything twice when it is told to, also after a restart', async () => {
  await subscribe();
  const asked = await cloud.control('POST', 'disorder', { duplicate: 1, reorder: 0 });
  assert.equal(asked.status, 204);
  await cloud.stop({ keepFiles: true });
  cloud = await startCloud({ tls, directory: cloud.directory });
  const event = await book();
  const [first, second] = await subscriber.items(2);
  assert.equal(first?.resourceData.id, event.id);
  assert.deepEqual(second, first);
});

test('holds back what is to come late, so that later ones overtake it', async () => {
  await subscribe();
  await cloud.control('POST', 'disorder', { duplicate: 0, reorder: 1 });
  const early = await book();
  await cloud.control('POST', 'disorder', { duplicate: 0, reorder: 0 });
  const late = await book();
  const told = await subscriber.items(2);
  assert.deepEqual(
    told.map(({ resourceData }) => resourceData.id),
    [late.id, early.id],
  );
});

test('refuses shares that are none, naming the member', async () => {
  for (const wrong of [
    { duplicate: 5, reorder: 0 },
    { duplicate: 0.05 },
    { duplicate: 0, reorder: 0, drop: 1 },
    'x',
  ]) {
    assert.equal((await cloud.control('POST', 'disorder', wrong)).status, 400);
  }
  const { json } = await cloud.control('POST', 'disorder', { duplicate: 0, reorder: -1 });
  assert.match(JSON.stringify(json), /reorder/);
  const set = await cloud.control('GET', 'disorder');
  assert.equal(JSON.stringify(set.json), '{"duplicate":0,"reorder":0}');
});

test('keeps a record of what was acknowledged, and of nothing else', async () => {
  await subscribe();
  subscriber.statuses.push(503);
  const event = await book();
  await subscriber.requests(1);
  assert.deepEqual(await onRecord(), []);
  await subscriber.items(1);
  // The answer reaches the cloud a moment after the subscriber gave it.
  let record: string[] = [];
  while (record.length === 0) record = await onRecord();
  assert.deepEqual(record, [event.id]);
  await cloud.stop({ keepFiles: true });
  cloud = await startCloud({ tls, directory: cloud.directory });
  assert.deepEqual(await onRecord(), [event.id]);
});

test("tells the attendees' subscribers about their own copies", async () => {
  const bruno = cloud.context.directory.people[1];
  await subscribe({ resource: `/users/${bruno?.entraId}/events` });
  const event = await book({ attendees: [{ type: 'required', emailAddress: { address: bruno?.address } }] });
  const [item] = await subscriber.items(1);
  assert.equal(item?.changeType, 'created');
  assert.notEqual(item?.resourceData.id, event.id);
  assert.ok(item?.resource.startsWith(`Users/${bruno?.entraId}/Events/`));
});

function astrid(): Person {
  const [first] = cloud.context.directory.people;
  assert.ok(first);
  return first;
}

function inMinutes(minutes: number): string {
  return new Date(cloud.context.clock.now() + minutes * MINUTE).toISOString();
}

async function subscribe(more: object = {}): Promise<Answer> {
  const body = {
    changeType: 'created,updated,deleted',
    resource: `/users/${astrid().entraId}/events`,
    notificationUrl: `${subscriber.url}/notify`,
    lifecycleNotificationUrl: `${subscriber.url}/lifecycle`,
    expirationDateTime: inMinutes(10_000),
    clientState: 'secret',
    ...more,
  };
  return await cloud.call('POST', '/subscriptions', { body });
}

async function failure(more: object = {}): Promise<[number, string]> {
  const { status, json } = await subscribe(more);
  return [status, json.error.code];
}

async function book(more: object = {}): Promise<AnswerBody> {
  const body = { subject: 'Meeting', ...NOON, ...more };
  const answer = await cloud.call('POST', `/users/${astrid().entraId}/events`, { body });
  assert.equal(answer.status, 201);
  return answer.json;
}

function path({ id }: AnswerBody): string {
  return `/users/${astrid().entraId}/events/${encodeURIComponent(id)}`;
}

/** Ids of the events whose notifications were acknowledged. */
async function onRecord(): Promise<string[]> {
  const { json } = await cloud.control('GET', 'notifications');
  return json.acknowledged.map(({ item }) => item.resourceData.id);
}
