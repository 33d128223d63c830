import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { kmsRootPem } from '../../src/staging/cloud/kms/kms-identity.ts';
import { jose, KmsClient } from './kms-client.ts';
import { RunningCloud } from './running-cloud.ts';

let cloud: RunningCloud;

before(async () => {
  cloud = await RunningCloud.start();
});
after(() => cloud.stop());

const person = (n: number) => {
  const found = cloud.context.directory.people[n];
  assert.ok(found);
  return found;
};
const fault = async (kind: string, times = 1) =>
  await cloud.call('POST', '/control/kms/fault', { body: { kind, times } });
const about = async (userId: string, as?: string) =>
  await cloud.call('GET', `/kms/${userId}`, as === undefined ? {} : { as });

test('tells a user its cluster and its static key, as a JSON text', async () => {
  const { webexUserId, webexToken } = person(0);
  for (const id of [webexUserId, webexUserId.toUpperCase()]) {
    const { status, json } = await about(id, webexToken);
    assert.equal(status, 200);
    assert.match(json.kmsMachineAccountId, /^[0-9a-f-]{36}$/);
    assert.equal(typeof json.rsaPublicKey, 'string');
    const jwk = JSON.parse(json.rsaPublicKey);
    assert.equal(jwk.kty, 'RSA');
    assert.equal(jwk.kid, json.kmsCluster);
    assert.equal(new URL(jwk.kid).protocol, 'kms:');
  }
});

test('refuses a stranger, and one user asking for another', async () => {
  assert.equal((await about(person(0).webexUserId)).status, 401);
  assert.equal((await about(person(0).webexUserId, 'made-up')).status, 401);
  assert.equal((await about(person(0).webexUserId, person(1).webexToken)).status, 403);
  const { trackingId, errors } = (await about(person(0).webexUserId)).json;
  assert.ok(trackingId !== '' && errors[0].description !== '');
});

test('has a certificate for its own host and key, under the root that the appliance is given', async () => {
  assert.equal(await isVouchedFor(), true);
  await fault('wrong-chain');
  assert.equal(await isVouchedFor(), false, 'under a root of the same name that nobody trusts');
  assert.equal(await isVouchedFor(), true);
});

test('agrees on a channel with a foreign client, signed RS256 and PS256', async () => {
  for (const algorithm of ['RS256', 'PS256']) {
    await cloud.call('POST', '/control/kms/signature', { body: { algorithm } });
    const client = new KmsClient(cloud, person(0));
    const { status, key } = await client.handshake();
    assert.equal(status, 201);
    assert.match(key.uri, new RegExp(`^${client.cluster}/ecdhe/[0-9a-f-]{36}$`));
    assert.deepEqual([key.userId, key.clientId], [person(0).webexUserId, client.clientId]);
    assert.equal(Date.parse(key.expirationDate) - Date.parse(key.createDate), 3_600_000);
    assert.deepEqual(headerOf(client.lastAnswer), { alg: algorithm, kid: client.cluster });
    assert.equal((await client.ask('update', '/ping')).status, 200);
    assert.deepEqual(headerOf(client.lastAnswer), { alg: 'dir', enc: 'A256GCM', kid: client.channel });
  }
});

test('acknowledges with 202 and answers on the event WebSocket of the device that asked', async () => {
  const [asking, beside] = [await cloud.device(person(1)), await cloud.device(person(1))];
  const client = await KmsClient.connect(cloud, person(1), asking);
  assert.equal((await client.ask('update', '/ping')).status, 200);
  assert.equal((await client.ask('create', '/keys', { count: 1 })).keys.length, 1);
  const frame = await asking.event('encryption.kms_message');
  assert.equal(frame.data.encryption?.destination, client.cluster);
  await beside.settle();
  assert.ok(beside.frames.every(({ data }) => data?.eventType !== 'encryption.kms_message'));
  const ack = await client.post([await client.wrap({ method: 'update', uri: '/ping' })], '');
  assert.deepEqual([ack.status, ack.json], [202, {}]);
});

test('answers all messages of one post', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  const requestIds = [randomUUID(), randomUUID(), randomUUID()];
  const wrapped = await Promise.all(
    requestIds.map((requestId) => client.wrap({ method: 'update', uri: '/ping', requestId })),
  );
  const { json } = await client.post(wrapped);
  const answers: { requestId: string }[] = await Promise.all(
    json.kmsMessages.map((one: string) => client.unwrap(one)),
  );
  assert.deepEqual(
    answers.map((one) => one.requestId),
    requestIds,
  );
});

test('refuses posts that are not addressed to it, and strangers', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  const as = person(0).webexToken;
  const kmsMessages = [await client.wrap({ method: 'update', uri: '/ping' })];
  const post = async (body: object, token = as) =>
    (await cloud.call('POST', '/kms/messages?wait=1', { as: token, body })).status;
  assert.equal(await post({ destination: client.cluster, kmsMessages }), 200);
  assert.equal(await post({ destination: client.cluster, kmsMessages }, 'made-up'), 401);
  assert.equal(await post({ destination: 'kms://elsewhere.example', kmsMessages }), 400);
  assert.equal(await post({ destination: client.cluster, kmsMessages: [] }), 400);
  assert.equal(await post({ destination: client.cluster, kmsMessages: Array(51).fill(kmsMessages[0]) }), 400);
  assert.equal((await cloud.call('DELETE', '/kms/messages', { as })).status, 405);
});

test('makes nothing but a channel under the static key', async () => {
  const client = new KmsClient(cloud, person(0));
  await client.learn();
  const jwk = (await jose.JWK.createKey('EC', 'P-256', {})).toJSON();
  for (const [method, uri] of [
    ['create', '/keys'],
    ['retrieve', '/ecdhe'],
  ]) {
    const { status, key, keys } = await client.underStaticKey({ method, uri, jwk, count: 1 });
    assert.deepEqual([status, key, keys], [400, undefined, undefined]);
  }
  assert.equal((await client.underStaticKey({ method: 'create', uri: '/ecdhe', jwk })).status, 201);
  const noPoint = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
  const reply = await client.underStaticKey({ method: 'create', uri: '/ecdhe', jwk: noPoint });
  assert.equal(reply.status, 400);
});

test('refuses a handshake with a bad token, a token of someone else and on order, signed', async () => {
  const client = new KmsClient(cloud, person(0));
  client.signAs({ webexUserId: person(0).webexUserId, webexToken: 'made-up' });
  assert.equal((await client.handshake()).status, 401);
  client.signAs({ webexUserId: person(1).webexUserId, webexToken: person(0).webexToken });
  assert.equal((await client.handshake()).status, 403);
  assert.equal(client.lastAnswer.split('.').length, 3);
  client.signAs(person(0));
  await fault('forbid');
  const { status, reason } = await client.handshake();
  assert.deepEqual([status, reason], [403, 'User authentication failed.']);
  assert.equal((await client.handshake()).status, 201);
});

test('answers a message that it can not open, and a malformed request, without dropping the others', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  const good = await client.wrap({ method: 'update', uri: '/ping' });
  const [head, , iv, body, tag] = good.split('.');
  const altered = [head, '', iv, body, tag?.startsWith('A') ? `B${tag.slice(1)}` : `A${tag?.slice(1)}`].join(
    '.',
  );
  const malformed = await client.wrap({ method: 'explode', uri: '/keys', requestId: 'mine' });
  const { status, json } = await client.post(['no.sense', altered, malformed, good]);
  assert.equal(status, 200);
  const replies: { status: number; requestId: string }[] = await Promise.all(
    json.kmsMessages.map((one: string) => client.unwrap(one)),
  );
  assert.deepEqual(
    replies.map((one) => one.status),
    [400, 400, 400, 200],
  );
  assert.equal(replies[2]?.requestId, 'mine');
  assert.equal(json.kmsMessages[2].split('.').length, 5, 'inside the channel');
});

test('forgets a channel on its owner’s word, at its end and in a restart: the answer is a signed reset', async () => {
  const asksForReset = async (client: KmsClient) => {
    const reply = await client.ask('update', '/ping');
    assert.equal(reply.status, 499);
    assert.deepEqual(headerOf(client.lastAnswer), { alg: 'PS256', kid: client.cluster });
  };
  const left = await KmsClient.connect(cloud, person(0));
  assert.equal((await left.ask('delete', left.channel)).status, 204);
  await asksForReset(left);
  const forgotten = await KmsClient.connect(cloud, person(0));
  await cloud.call('POST', '/control/kms/reset');
  await asksForReset(forgotten);
  const old = await KmsClient.connect(cloud, person(0));
  await cloud.call('POST', '/control/clock', { body: { jumpMs: 3_600_000 } });
  await asksForReset(old);
  assert.equal((await old.handshake()).status, 201);
  assert.equal((await old.ask('update', '/ping')).status, 200);
});

test('keeps a channel over a restart of the cloud', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  await cloud.restart();
  assert.equal((await client.ask('update', '/ping')).status, 200);
  assert.equal(await isVouchedFor(), true);
});

test('refuses a channel’s user who signs as another', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  client.signAs(person(1));
  assert.equal((await client.ask('update', '/ping')).status, 403);
  client.signAs({ webexUserId: person(0).webexUserId, webexToken: 'made-up' });
  assert.equal((await client.ask('update', '/ping')).status, 401);
  await fault('forbid');
  client.signAs(person(0));
  assert.equal((await client.ask('update', '/ping')).status, 403);
  assert.equal((await client.ask('update', '/ping')).status, 200);
});

test('signs with a stranger’s key and alters answers on order: a foreign client refuses both', async () => {
  const client = await KmsClient.connect(cloud, person(0));
  await fault('tamper-answers');
  await assert.rejects(client.ask('update', '/ping'));
  assert.equal((await client.ask('update', '/ping')).status, 200);
  await fault('wrong-signer');
  await assert.rejects(new KmsClient(cloud, person(0)).handshake());
  assert.equal((await new KmsClient(cloud, person(0)).handshake()).status, 201);
});

test('is down on order, as often as ordered', async () => {
  const { webexUserId, webexToken } = person(0);
  await fault('down', 2);
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await about(webexUserId, webexToken)).status);
  assert.deepEqual(statuses, [503, 503, 200]);
  await cloud.call('POST', '/control/kms/fault', { body: { kind: 'down' } });
  for (let n = 0; n < 3; n += 1) assert.equal((await about(webexUserId, webexToken)).status, 503);
  await cloud.call('POST', '/control/kms/fault', { body: { kind: 'none' } });
  assert.equal((await about(webexUserId, webexToken)).status, 200);
});

test('refuses orders that it does not know', async () => {
  for (const body of [{ kind: 'explode' }, { kind: 'down', times: 0 }, { kind: 'down', more: 1 }, 'x'])
    assert.equal((await cloud.call('POST', '/control/kms/fault', { body })).status, 400);
  assert.equal(
    (await cloud.call('POST', '/control/kms/signature', { body: { algorithm: 'none' } })).status,
    400,
  );
});

/** Whether the chain leads from the KMS's key to the root that the appliance is configured with. */
async function isVouchedFor(): Promise<boolean> {
  const { webexUserId, webexToken } = person(0);
  const jwk = JSON.parse((await about(webexUserId, webexToken)).json.rsaPublicKey);
  const [leaf] = jwk.x5c.map((one: string) => new X509Certificate(Buffer.from(one, 'base64')));
  const root = new X509Certificate(kmsRootPem(cloud.context));
  const { n, e } = leaf.publicKey.export({ format: 'jwk' });
  assert.deepEqual({ n, e }, { n: jwk.n, e: jwk.e });
  assert.equal(leaf.checkHost(new URL(jwk.kid).hostname), new URL(jwk.kid).hostname);
  assert.ok(root.ca && !leaf.ca && root.verify(root.publicKey));
  return leaf.checkIssued(root) && leaf.verify(root.publicKey);
}

function headerOf(compact: string): { alg: string; enc?: string; kid: string } {
  return JSON.parse(jose.util.base64url.decode(compact.split('.')[0]).toString());
}
