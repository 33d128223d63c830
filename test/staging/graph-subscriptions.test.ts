import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { graphState } from '../../src/staging/cloud/graph/graph-state.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import { book } from './graph-calendar.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';
import { type Subscriber, startSubscriber } from './subscriber.ts';

const HOUR = 3_600_000;

let tls: TestTls;
let cloud: SimulatedCloud;
let subscriber: Subscriber;
let astrid: Person;

before(async () => {
  tls = await makeTestTls();
});
beforeEach(async () => {
  cloud = await startCloud({ tls, https: true });
  subscriber = await startSubscriber(tls);
  [astrid] = cloud.context.directory.people as [Person];
});
afterEach(async () => {
  await cloud.stop();
  subscriber.stop();
});

test('tells of lifecycle events at their own address, as often as it likes', async () => {
  const { json } = await subscribe();
  const told = await cloud.control('POST', 'lifecycle', {
    event: 'missed',
    mailbox: astrid.address,
    times: 2,
  });
  assert.deepEqual(JSON.parse(told.text), { subscriptions: 1, queued: 2 });
  const [item, again] = (await subscriber.items(2)) as unknown as Record<string, string>[];
  assert.deepEqual(again, item);
  assert.deepEqual(
    [item?.lifecycleEvent, item?.subscriptionId, item?.clientState, item?.resource],
    ['missed', json.id, 'secret', undefined],
  );
  assert.equal((await cloud.call('GET', `/subscriptions/${json.id}`)).status, 200);
});

test('forgets a removed subscription after telling so', async () => {
  const { json } = await subscribe();
  await cloud.control('POST', 'lifecycle', { event: 'subscriptionRemoved', subscriptionId: json.id });
  await subscriber.items(1);
  assert.equal((await cloud.call('GET', `/subscriptions/${json.id}`)).status, 404);
  assert.equal((await cloud.call('POST', `/subscriptions/${json.id}/reauthorize`)).status, 404);
  assert.equal((await subscribe()).status, 201);
});

for (const way of ['reauthorize', 'renewal'] as const) {
  test(`delivers nothing from "reauthorizationRequired" until the ${way}, then what is younger than four hours`, async () => {
    const { json } = await subscribe();
    await cloud.control('POST', 'lifecycle', { event: 'reauthorizationRequired' });
    await subscriber.items(1);
    await book(cloud, astrid, { subject: 'too old' });
    cloud.context.clock.steer({ jumpMs: 5 * HOUR });
    const kept = await book(cloud, astrid, { subject: 'kept' });
    const shown = await cloud.call('GET', `/subscriptions/${json.id}`);
    assert.ok(!('suspended' in shown.json));
    const path = `/subscriptions/${json.id}`;
    const answer =
      way === 'reauthorize'
        ? await cloud.call('POST', `${path}/reauthorize`)
        : await cloud.call('PATCH', path, { body: { expirationDateTime: inHours(100) } });
    assert.equal(answer.status, way === 'reauthorize' ? 204 : 200);
    const items = await subscriber.items(2);
    assert.deepEqual(
      items.slice(1).map(({ resourceData }) => resourceData.id),
      [kept.id],
    );
    await book(cloud, astrid, {});
    await subscriber.items(3);
  });
}

test('lists subscriptions in pages', async () => {
  const { subscriptions } = graphState(cloud.context);
  const { json } = await subscribe();
  const first = subscriptions.get(json.id);
  assert.ok(first);
  for (let n = 0; n < 120; n += 1) subscriptions.put({ ...first, id: `${n}`, mailbox: `${n}` });
  const page = await cloud.call('GET', '/subscriptions');
  assert.equal(page.json.value.length, 100);
  const rest = await cloud.call('GET', page.json['@odata.nextLink'] ?? '');
  assert.deepEqual([rest.json.value.length, rest.json['@odata.nextLink']], [21, undefined]);
});

test('refuses the thousand and first subscription on a mailbox', async () => {
  const { subscriptions } = graphState(cloud.context);
  const { json } = await subscribe();
  const first = subscriptions.get(json.id);
  assert.ok(first);
  await cloud.call('DELETE', `/subscriptions/${json.id}`);
  const as = cloud.context.directory.outlook.clientId;
  for (let n = 0; n < 1000; n += 1) subscriptions.put({ ...first, id: `${n}`, applicationId: as });
  const refused = await subscribe();
  assert.equal(refused.status, 403);
  assert.match(refused.json.error.message, /quota/);
});

test('relays what is wrong with a mailbox, and falls silent about it', async () => {
  const states = [
    ['moved', 400, /currently on backend 'Unknown'/],
    ['moving', 503, /ServiceUnavailable/],
    ['out-of-scope', 403, /Forbidden.*\[RAOP\]/],
  ] as const;
  for (const [state, status, message] of states) {
    await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, state });
    const refused = await subscribe();
    assert.deepEqual([refused.status, refused.json.error.code], [status, 'ExtensionError']);
    assert.match(refused.json.error.message, message);
  }
  await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, state: 'ok' });
  assert.equal((await subscribe()).status, 201);
  await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, state: 'out-of-scope' });
  await book(cloud, astrid, { subject: 'unheard' });
  await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, state: 'ok' });
  const heard = await book(cloud, astrid, { subject: 'heard' });
  const [item] = await subscriber.items(1);
  assert.equal(item?.resourceData.id, heard.id);
});

test('removes the subscriptions of a mailbox that leaves, or of everybody, when that is ordered', async () => {
  await subscribe();
  const gone = { mailbox: astrid.address, state: 'moved', subscriptions: 'removed' };
  await cloud.control('PUT', 'mailbox-state', gone);
  await subscriber.items(1);
  await cloud.control('PUT', 'mailbox-state', { mailbox: astrid.address, state: 'ok' });
  assert.equal((await cloud.call('GET', '/subscriptions')).json.value.length, 0);
  await subscribe();
  await cloud.control('PUT', 'consent', {
    withdrawn: 'Authorization_RequestDenied',
    subscriptions: 'removed',
  });
  await subscriber.items(2);
  await cloud.control('PUT', 'consent', { withdrawn: false });
  assert.equal((await cloud.call('GET', '/subscriptions')).json.value.length, 0);
});

function inHours(hours: number): string {
  return new Date(cloud.context.clock.now() + hours * HOUR).toISOString();
}

async function subscribe(): Promise<Answer> {
  const body = {
    changeType: 'created,updated,deleted',
    resource: `/users/${astrid.entraId}/events`,
    notificationUrl: `${subscriber.url}/notify`,
    lifecycleNotificationUrl: `${subscriber.url}/lifecycle`,
    expirationDateTime: inHours(100),
    clientState: 'secret',
  };
  return await cloud.call('POST', '/subscriptions', { body });
}
