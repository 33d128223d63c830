import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyCache } from '../../src/kms/key-cache.ts';
import { bench, MINUTE_MS } from './kms-bench.ts';
import { fault, text } from './kms-rig.ts';

const FACTS = { validatedAt: { epochMs: 0, monotonicMs: 0 }, sealUntil: null };

test('Keys are made in one message, bound in one post and read back in one', async (t) => {
  const { kms, keys, answered } = await bench(t);
  const readers = [['a'], ['b', 'c'], ['d']];
  const issued = await keys.issue(readers);
  assert.equal(new Set(issued.map((one) => one.resourceUri)).size, 3);
  assert.ok(issued.every((one) => one.sealUntil === null));
  assert.deepEqual(
    kms.posts.map((one) => one.size),
    [1, 1, 3, 3],
  );
  assert.ok(kms.posts.every((one) => one.wait));
  assert.equal(answered(), 8);
  const bound = kms.requests.filter((one) => one.uri === '/resources');
  assert.deepEqual(bound.map((one) => one.userIds).sort(), readers);
  for (const { uri } of issued) assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.posts.length, 4);
});

test('A bound key seals until the earlier of its own end and that of its resource', async (t) => {
  const { kms, keys } = await bench(t);
  const dates = ['2031-05-06T07:08:09Z', '2031-05-06T07:08:09.123Z'] as const;
  for (const [own, resource, expected] of [
    [undefined, undefined, null],
    [dates[0], undefined, Date.parse(dates[0])],
    [undefined, dates[1], Date.parse(dates[1])],
    [dates[0], dates[1], Date.parse(dates[0])],
    [dates[1], dates[0], Date.parse(dates[0])],
  ] as const) {
    kms.sealUntil = own;
    kms.resourceUntil = resource;
    assert.equal((await keys.issue([['a']]))[0]?.sealUntil, expected);
  }
});

test('New keys may be told by their addresses only', async (t) => {
  const { kms, keys } = await bench(t);
  kms.namesKeysOnly = true;
  const [issued] = await keys.issue([['a']]);
  assert.equal(await keys.withKey(issued?.uri ?? '', text), kms.keys.get(issued?.uri ?? ''));
});

test('Hundreds of keys are made with a count in a few messages, one outcome for each reader', async (t) => {
  const { kms, keys } = await bench(t);
  const outcomes = await keys.issueEach(Array.from({ length: 250 }, (_, n) => [`reader ${n}`]));
  const made = outcomes.flatMap((one) => (one.kind === 'issued' ? [one.key.uri] : []));
  assert.equal(new Set(made).size, 250);
  const counts = kms.requests.filter((one) => one.uri === '/keys').map((one) => one.count);
  assert.deepEqual(counts, [200, 50]);
  assert.ok(kms.posts.every((one) => one.size <= 50));
  const readers = new Map(kms.requests.map((one) => [one.keyUris?.[0], one.userIds?.[0]]));
  assert.deepEqual(
    made.map((uri) => readers.get(uri)),
    made.map((_, n) => `reader ${n}`),
  );
});

test('A key whose binding took place without an answer is issued with the resource it has', async (t) => {
  const { kms, keys } = await bench(t, { firstTimeoutMs: 300 });
  kms.lostBindings = 1;
  const [issued] = await keys.issue([['a']]);
  assert.equal(kms.lostBindings, 0);
  assert.equal(issued?.resourceUri, kms.bindings.get(issued?.uri ?? ''));
  assert.equal(kms.keys.size, 1);
});

test('Two keys are lent to one call, in the order they were asked for', async (t) => {
  const { kms, keys } = await bench(t);
  const [one, other] = [kms.addKey(), kms.addKey()];
  const loans = [one, other].map(({ uri }) => ({ uri, purpose: 'open' }) as const);
  const lent = await keys.withKeys(loans, (both) => both.map(text));
  assert.deepEqual(lent, [one.jwk.k, other.jwk.k]);
});

test('Of several keys only that one is refused which is to seal and may not any more', async (t) => {
  const { kms, keys } = await bench(t);
  const [ended, other] = [kms.addKey(), kms.addKey()];
  await keys.withKey(other.uri, text);
  kms.sealUntil = new Date(0).toISOString();
  const lend = (purpose: 'open' | 'seal') =>
    keys.withKeys(
      [
        { uri: other.uri, purpose: 'seal' },
        { uri: ended.uri, purpose },
      ],
      (both) => both.length,
    );
  assert.equal(await lend('open'), 2);
  await assert.rejects(lend('seal'), fault('conflict', 'KMS_KEY_EXPIRED', 'job'));
});

test('A key wanted by many at once is retrieved once', async (t) => {
  const { kms, keys } = await bench(t);
  const { uri } = kms.addKey();
  await Promise.all(Array.from({ length: 5 }, () => keys.withKey(uri, text)));
  assert.equal(kms.requests.filter((one) => one.method === 'retrieve').length, 1);
  assert.equal(kms.channels, 1);
});

test('A key in memory is validated again when it is old, and gone once the KMS refuses it', async (t) => {
  for (const [status, code, reason, scope] of [
    [403, 'forbidden', 'KMS_KEY_REFUSED', 'job'],
    [404, 'not_found', 'KMS_KEY_GONE', 'job'],
    [405, 'forbidden', 'KMS_KEY_REVOKED', 'mailbox'],
  ] as const) {
    const { kms, keys, pass } = await bench(t);
    const { uri } = kms.addKey();
    await keys.withKey(uri, text);
    kms.keyStatus = status;
    pass(10 * MINUTE_MS - 1);
    await keys.withKey(uri, text);
    pass(1);
    await assert.rejects(keys.withKey(uri, text), fault(code, reason, scope));
    kms.httpStatus = 503;
    await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE'));
  }
});

test('While the KMS is unreachable a key serves only for the offline limit', async (t) => {
  const { kms, keys, pass } = await bench(t);
  const { uri, jwk } = kms.addKey();
  await keys.withKey(uri, text);
  kms.stop();
  pass(60 * MINUTE_MS - 1);
  assert.equal(await keys.withKey(uri, text), jwk.k);
  pass(1);
  await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE'));
});

test('A network that sends the calls elsewhere has refused nothing: the keys in memory go on serving', async (t) => {
  const { kms, keys, pass } = await bench(t);
  const [old, young] = [kms.addKey(), kms.addKey()];
  await keys.withKey(old.uri, text);
  pass(9 * MINUTE_MS);
  await keys.withKey(young.uri, text);
  pass(MINUTE_MS);
  kms.httpStatus = 302;
  await assert.rejects(keys.issue([['a']]), fault('forbidden', 'KMS_REDIRECT'));
  assert.equal(await keys.withKey(old.uri, text), old.jwk.k);
  assert.equal(await keys.withKey(young.uri, text), young.jwk.k);
  assert.equal(keys.outage()?.reason, 'KMS_REDIRECT');
  pass(60 * MINUTE_MS);
  await assert.rejects(keys.withKey(old.uri, text), fault('forbidden', 'KMS_REDIRECT'));
});

test('Keys are zeroed when they leave the cache', () => {
  const cache = new KeyCache(2);
  for (const uri of ['a', 'b']) cache.put(uri, new Uint8Array(32).fill(7), FACTS);
  const [a, b] = [cache.find('a')?.bytes, cache.find('b')?.bytes];
  cache.find('a');
  cache.put('c', new Uint8Array(32).fill(7), FACTS);
  assert.deepEqual([a?.[0], b?.[0]], [7, 0]);
  cache.clear();
  assert.equal(a?.[0], 0);
});
