import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { KmsClient } from './kms-client.ts';
import { RunningCloud } from './running-cloud.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let cloud: RunningCloud;
let [owner, reader, stranger]: readonly Person[] = [];
let client: KmsClient;

before(async () => {
  cloud = await RunningCloud.start();
  [owner, reader, stranger] = cloud.context.directory.people;
  client = await connect(owner);
});
after(() => cloud.stop());

async function connect(person: Person | undefined): Promise<KmsClient> {
  assert.ok(person);
  return KmsClient.connect(cloud, person);
}

/** Channels live for an hour: after a jump everybody needs a new one. */
async function jump(jumpMs: number): Promise<void> {
  await cloud.call('POST', '/control/clock', { body: { jumpMs } });
  client = await connect(owner);
}

async function newKey(): Promise<string> {
  return (await client.ask('create', '/keys', { count: 1 })).keys[0].uri;
}

/** A resource of the owner and one bound key. */
async function newResource(userIds: readonly (string | undefined)[] = []) {
  const key = await newKey();
  const { resource } = await client.ask('create', '/resources', { userIds, keyUris: [key] });
  return { key, uri: String(resource.uri) };
}

test('makes keys of 256 bits that only their maker can read until they are bound', async () => {
  const { status, keys } = await client.ask('create', '/keys', { count: 2 });
  assert.equal(status, 201);
  assert.equal(new Set(keys.map((key: { uri: string }) => key.uri)).size, 2);
  const [key] = keys;
  assert.match(key.uri, new RegExp(`^${client.cluster}/keys/[0-9a-f-]{36}$`));
  assert.deepEqual([key.jwk.kty, key.jwk.kid], ['oct', key.uri]);
  assert.equal(Buffer.from(key.jwk.k, 'base64url').length, 32);
  assert.deepEqual([key.userId, key.clientId], [owner?.webexUserId, client.clientId]);
  assert.equal(Date.parse(key.expirationDate) - Date.parse(key.createDate), HOUR_MS);
  const again = await client.ask('retrieve', key.uri);
  assert.deepEqual([again.status, again.key], [200, key]);
  assert.equal((await (await connect(stranger)).ask('retrieve', key.uri)).status, 403);
});

test('takes collections by relative and by absolute URI', async () => {
  assert.equal((await client.ask('create', '/keys', { count: 1 })).status, 201);
  assert.equal((await client.ask('create', `${client.cluster}/keys`, { count: 1 })).status, 201);
  assert.equal((await client.ask('create', 'kms://elsewhere.example/keys', { count: 1 })).status, 404);
});

test('refuses a number of keys out of range', async () => {
  for (const count of [0, 501, 1.5, '1', undefined])
    assert.equal((await client.ask('create', '/keys', { count })).status, 400);
});

test('binds a key to a resource and opens it to the readers who are named by userIds or authIds', async () => {
  for (const name of ['userIds', 'authIds']) {
    const key = await newKey();
    const made = await client.ask('create', '/resources', {
      [name]: [reader?.webexUserId.toUpperCase()],
      keyUris: [key],
    });
    assert.equal(made.status, 201);
    assert.deepEqual(made.resource.keyUris, [key]);
    assert.equal(made.resource.authorizationUris.length, 2, 'the maker is always authorised');
    assert.equal(made.resource.expirationDate, undefined);
    const bound = (await (await connect(reader)).ask('retrieve', key)).key;
    assert.equal(bound.resourceUri, made.resource.uri);
    assert.equal(Date.parse(bound.expirationDate) - Date.parse(bound.bindDate), 90 * DAY_MS);
    assert.equal((await (await connect(stranger)).ask('retrieve', key)).status, 403);
    const seen = await (await connect(reader)).ask('retrieve', made.resource.uri);
    assert.deepEqual([seen.status, seen.resource], [200, made.resource]);
    assert.equal((await (await connect(stranger)).ask('retrieve', made.resource.uri)).status, 403);
  }
});

test('makes no resource when one of its keys is unknown, of someone else, bound or too old', async () => {
  const theirs = (await (await connect(stranger)).ask('create', '/keys', { count: 1 })).keys[0].uri;
  const { key: bound } = await newResource();
  const old = await newKey();
  await jump(HOUR_MS);
  const good = await newKey();
  const cases = [
    [`${client.cluster}/keys/${randomUUID()}`, 404],
    [theirs, 403],
    [bound, 409],
    [old, 410],
  ] as const;
  for (const [uri, status] of cases) {
    assert.equal((await client.ask('create', '/resources', { keyUris: [good, uri] })).status, status);
    assert.equal((await client.ask('retrieve', good)).key.resourceUri, undefined);
  }
  assert.equal((await client.ask('create', '/resources', { keyUris: [] })).status, 400);
});

test('binds further keys to a resource; each key once, by its maker, who is authorised there', async () => {
  const { uri: resourceUri } = await newResource([reader?.webexUserId]);
  const key = await newKey();
  const bound = await client.ask('update', key, { resourceUri });
  assert.deepEqual([bound.status, bound.key.resourceUri], [200, resourceUri]);
  assert.ok(bound.key.bindDate);
  assert.equal((await client.ask('update', key, { resourceUri })).status, 409);
  const forReader = await connect(reader);
  assert.equal((await forReader.ask('update', await newKey(), { resourceUri })).status, 403);
  const foreign = (await (await connect(stranger)).ask('create', '/keys', { count: 1 })).keys[0].uri;
  assert.equal((await (await connect(stranger)).ask('update', foreign, { resourceUri })).status, 403);
  assert.equal((await client.ask('update', await newKey(), {})).status, 400);
  const expired = await newKey();
  await jump(HOUR_MS);
  assert.equal((await client.ask('update', expired, { resourceUri })).status, 410);
});

test('lists the keys of a resource, by time of binding and the newest ones', async () => {
  const { key: first, uri } = await newResource();
  await jump(DAY_MS);
  const second = await newKey();
  const { bindDate } = (await client.ask('update', second, { resourceUri: uri })).key;
  const list = async (fields: object) => {
    const { status, keys } = await client.ask('retrieve', `${uri}/keys`, fields);
    assert.equal(status, 200);
    return keys.map((key: { uri: string }) => key.uri);
  };
  assert.deepEqual(await list({}), [first, second]);
  assert.deepEqual(await list({ count: 1 }), [second]);
  assert.deepEqual(await list({ boundAfter: bindDate }), [second], 'inclusive');
  assert.deepEqual(await list({ boundBefore: bindDate }), [first], 'exclusive');
  const inQuery = await client.ask('retrieve', `${uri}/keys?count=1`);
  assert.equal(inQuery.keys[0].uri, second);
  assert.equal((await (await connect(stranger)).ask('retrieve', `${uri}/keys`)).status, 403);
});

test('authorises others, and withdraws: then the key is closed, to the owner as well', async () => {
  const { key, uri: resourceUri } = await newResource();
  const forReader = await connect(reader);
  assert.equal((await forReader.ask('retrieve', key)).status, 403);
  const userIds = [reader?.webexUserId];
  const added = await client.ask('create', '/authorizations', { resourceUri, userIds });
  assert.equal(added.status, 201);
  assert.deepEqual(
    [added.authorizations.length, added.authorizations[0].authId, added.authorizations[0].resourceUri],
    [1, reader?.webexUserId, resourceUri],
  );
  assert.equal((await forReader.ask('retrieve', key)).status, 200);
  const listed = await forReader.ask('retrieve', `${resourceUri}/authorizations`);
  assert.equal(listed.authorizations.length, 2);
  const asked = await client.ask(
    'retrieve',
    `${resourceUri}/authorizations?authId=${reader?.webexUserId.toUpperCase()}`,
  );
  assert.deepEqual(asked.authorizations, added.authorizations);

  const remove = async (by: KmsClient, who: Person | undefined, inBody = false) =>
    await by.ask(
      'delete',
      `${resourceUri}/authorizations${inBody ? '' : `?authId=${who?.webexUserId}`}`,
      inBody ? { authIds: [who?.webexUserId] } : {},
    );
  const gone = await remove(client, reader);
  assert.deepEqual([gone.status, gone.authorizations], [200, added.authorizations]);
  assert.equal((await forReader.ask('retrieve', key)).status, 403);
  assert.equal((await remove(client, reader)).status, 404);
  assert.equal((await remove(client, owner, true)).status, 200);
  assert.equal((await client.ask('retrieve', key)).status, 403);
});

test('lets only those who are authorised authorise and withdraw, and wants someone to be named', async () => {
  const { uri: resourceUri } = await newResource();
  const forStranger = await connect(stranger);
  const userIds = [stranger?.webexUserId];
  const path = `${resourceUri}/authorizations`;
  assert.equal((await forStranger.ask('create', '/authorizations', { resourceUri, userIds })).status, 403);
  assert.equal((await forStranger.ask('retrieve', path)).status, 403);
  assert.equal((await forStranger.ask('delete', `${path}?authId=${owner?.webexUserId}`)).status, 403);
  assert.equal((await client.ask('create', '/authorizations', { resourceUri, userIds: [] })).status, 400);
  assert.equal((await client.ask('create', '/authorizations', { resourceUri, userIds: ['x'] })).status, 400);
  assert.equal((await client.ask('create', '/authorizations', { userIds })).status, 400);
  assert.equal((await client.ask('delete', path)).status, 400);
});

test('lets the readers of one resource inherit another', async () => {
  const { uri: group } = await newResource([reader?.webexUserId]);
  const { key } = await newResource([group]);
  assert.equal((await (await connect(reader)).ask('retrieve', key)).status, 200);
  assert.equal((await (await connect(stranger)).ask('retrieve', key)).status, 403);
});

test('closes a resource when its time is over', async () => {
  const keyUris = [await newKey()];
  const { resource } = await client.ask('create', '/resources', { keyUris, ttl: 7_200 });
  await jump(HOUR_MS);
  assert.equal((await client.ask('retrieve', resource.uri)).status, 200);
  await jump(HOUR_MS);
  assert.equal((await client.ask('retrieve', resource.uri)).status, 410);
  assert.equal((await client.ask('retrieve', keyUris[0] ?? '')).status, 410);
  assert.equal(
    (await client.ask('create', '/resources', { keyUris: [await newKey()], ttl: -1 })).status,
    400,
  );
});

test('tells what is not there from what can not be done with it', async () => {
  for (const [method, uri, status] of [
    ['retrieve', `${client.cluster}/keys/${randomUUID()}`, 404],
    ['retrieve', `${client.cluster}/resources/${randomUUID()}`, 404],
    ['retrieve', '/nothing', 404],
    ['delete', '/keys', 405],
    ['create', '/ping', 405],
  ] as const) {
    const reply = await client.ask(method, uri);
    assert.deepEqual([reply.status, typeof reply.reason], [status, 'string'], `${method} ${uri}`);
  }
});

test('revokes keys on order, with the code that stops clients', async () => {
  const { key, uri } = await newResource();
  await cloud.call('POST', '/control/kms/fault', { body: { kind: 'revoke-keys', times: 2 } });
  for (const path of [key, `${uri}/keys`]) {
    const reply = await client.ask('retrieve', path);
    assert.deepEqual([reply.status, reply.errorCode], [405, 405005]);
  }
  assert.equal((await client.ask('retrieve', key)).status, 200);
});

test('moves a key on order: its old address tells the new one, and its resource lists it there', async () => {
  const { key, uri } = await newResource();
  const { jwk } = (await client.ask('retrieve', key)).key;
  await cloud.call('POST', '/control/kms/fault', { body: { kind: 'move-keys', times: 1 } });
  for (let n = 0; n < 2; n += 1) {
    const moved = await client.ask('retrieve', key);
    assert.deepEqual([moved.status, moved.errorCode], [301, 301002]);
    const found = (await client.ask('retrieve', moved.redirectUri)).key;
    assert.deepEqual([found.uri, found.jwk.k], [moved.redirectUri, jwk.k]);
    const listed = (await client.ask('retrieve', `${uri}/keys`)).keys;
    assert.deepEqual(
      listed.map((one: { uri: string }) => one.uri),
      [moved.redirectUri],
    );
  }
});

test('revokes everything on order, with the other code', async () => {
  await cloud.call('POST', '/control/kms/fault', { body: { kind: 'revoke-all', times: 1 } });
  const reply = await client.ask('create', '/keys', { count: 1 });
  assert.deepEqual([reply.status, reply.errorCode], [405, 405006]);
  assert.equal((await client.ask('create', '/keys', { count: 1 })).status, 201);
});

test('keeps keys, resources and authorizations over a restart', async () => {
  const { key } = await newResource([reader?.webexUserId]);
  const { jwk } = (await client.ask('retrieve', key)).key;
  await cloud.restart();
  assert.deepEqual((await (await connect(reader)).ask('retrieve', key)).key.jwk, jwk);
});
