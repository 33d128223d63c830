import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { GUID, makeGraphRig, refusal } from './graph-rig.ts';

const URLS = { notification: 'https://cal.example.com/n', lifecycle: 'https://cal.example.com/l' };
const EXPIRY = '2026-11-30T08:00:00.0000000Z';
const remote = (id: string, more = {}) => ({
  id,
  resource: `/Users/${GUID}/events`,
  notificationUrl: URLS.notification,
  expirationDateTime: EXPIRY,
  ...more,
});

test('subscribes for just under seven days and believes the answer', async () => {
  await using rig = await makeGraphRig(() => ({ status: 201, json: remote('s1') }));
  const asked = Date.now();
  assert.deepEqual(await rig.source.subscribe(GUID, URLS, 'state'), {
    id: 's1',
    expiresAt: Date.parse(EXPIRY),
  });
  const { expirationDateTime, ...body } = JSON.parse(rig.asked[0]?.body ?? '');
  assert.deepEqual(body, {
    changeType: 'created,updated,deleted',
    resource: `/users/${GUID}/events`,
    notificationUrl: URLS.notification,
    lifecycleNotificationUrl: URLS.lifecycle,
    clientState: 'state',
    latestSupportedTlsVersion: 'v1_2',
  });
  const life = Date.parse(expirationDateTime) - asked;
  assert.ok(life >= 167 * 3_600_000 && life < 168 * 3_600_000);
});

test('replaces its own twin once (promise 11)', async () => {
  let twin = true;
  await using rig = await makeGraphRig(({ method, url }) => {
    if (method === 'GET') {
      const other = remote('other', { notificationUrl: 'https://elsewhere.example.com/n' });
      const next = `${rig.origin}/v1.0/subscriptions?$skiptoken=2`;
      return {
        json: url.includes('skiptoken')
          ? { value: [remote('old')] }
          : { value: [other], '@odata.nextLink': next },
      };
    }
    if (method === 'DELETE') {
      twin = false;
      return { status: 204 };
    }
    return twin ? refusal(409, 'ObjectIdentifierInUse') : { status: 201, json: remote('new') };
  });
  assert.equal((await rig.source.subscribe(GUID, URLS, 'state')).id, 'new');
  assert.deepEqual(
    rig.asked.filter(({ method }) => method === 'DELETE').map(({ url }) => url),
    ['/v1.0/subscriptions/old'],
  );
});

test('leaves the twin of another installation alone', async () => {
  const other = remote('other', { notificationUrl: 'https://elsewhere.example.com/n' });
  await using rig = await makeGraphRig(({ method }) =>
    method === 'GET' ? { json: { value: [other] } } : refusal(409, 'ObjectIdentifierInUse'),
  );
  await assert.rejects(
    rig.source.subscribe(GUID, URLS, 'state'),
    (thrown) =>
      thrown instanceof AppError && thrown.reason === 'GRAPH_SUBSCRIPTION_TWIN' && thrown.scope === 'mailbox',
  );
});

test('renews what lives, is told what does not, and deletes twice without complaint', async () => {
  await using rig = await makeGraphRig(() => ({ json: remote('s1') }));
  assert.deepEqual(await rig.source.renew('s1'), { id: 's1', expiresAt: Date.parse(EXPIRY) });
  assert.deepEqual(Object.keys(JSON.parse(rig.asked[0]?.body ?? '')), ['expirationDateTime']);
  rig.graph = () => refusal(404, 'ResourceNotFound');
  assert.equal(await rig.source.renew('s1'), null);
  await rig.source.unsubscribe('s1');
  rig.graph = () => ({ status: 204 });
  await rig.source.unsubscribe('s1');
});

test('the 404 of a proxy kills no subscription', async () => {
  await using rig = await makeGraphRig(() => ({ status: 404, text: 'no route' }));
  await assert.rejects(
    rig.source.renew('s1'),
    (thrown) => thrown instanceof AppError && thrown.reason === 'GRAPH_UNEXPECTED_ANSWER',
  );
});
