import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { expandSecret } from '../../src/kms/channel.ts';
import { KMS_TIMING } from '../../src/kms/kms-session.ts';
import { bench } from './kms-bench.ts';
import { fault, text } from './kms-rig.ts';

test("The channel's key is the one of the published vector", () => {
  const shared = Buffer.from('d1552c552e0d915f71e79deb5157dac6e04d9b65031c52872960b0f786213eda', 'hex');
  assert.equal(text(expandSecret(shared)), 'QPeHzQKihjfgbXIltVpLBlgBu_kVTdp4XR23qCychx0');
});

test('More than fifty requests travel in several posts', async (t) => {
  const { kms, keys } = await bench(t);
  await keys.issue(Array.from({ length: 60 }, () => ['a']));
  assert.deepEqual(
    kms.posts.map((one) => one.size).sort((a, b) => a - b),
    [1, 1, 10, 10, 50, 50],
  );
});

test('The times of the protocol are those of Webex apps', () => {
  assert.deepEqual(KMS_TIMING, {
    batchWindowMs: 50,
    firstTimeoutMs: 6_000,
    newChannelMs: 32_000,
    giveUpMs: 96_000,
  });
});

test('What is asked for within fifty milliseconds travels together', async (t) => {
  const { batchWindowMs } = KMS_TIMING;
  const { kms, keys } = await bench(t, { timing: { batchWindowMs } });
  await keys.withKey(kms.addKey().uri, text);
  const before = kms.posts.length;
  const asked = [];
  for (let n = 0; n < 5; n += 1) {
    asked.push(keys.withKey(kms.addKey().uri, text));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(asked);
  assert.deepEqual(
    kms.posts.slice(before).map((one) => one.size),
    [5],
  );
});

test('Answers arrive over the event stream, in any order and among what is for nobody here', async (t) => {
  const { kms, keys } = await bench(t, { device: 'https://wdm.example/1' });
  const uris = [kms.addKey().uri, kms.addKey().uri];
  const found = await Promise.all(uris.map((uri) => keys.withKey(uri, text)));
  assert.deepEqual(
    found,
    uris.map((uri) => kms.keys.get(uri)),
  );
  assert.ok(kms.posts.every((one) => !one.wait));
});

test('A reset makes a new channel and repeats the request once', async (t) => {
  const { kms, keys } = await bench(t);
  const { uri } = kms.addKey();
  kms.resets = 1;
  assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.channels, 2);
  kms.resets = 2;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('unavailable', 'KMS_RESET'));
});

test('A channel is replaced half a minute before it expires', async (t) => {
  const { kms, keys, pass } = await bench(t);
  await keys.withKey(kms.addKey().uri, text);
  pass(kms.channelLifeMs - 29_000);
  await keys.withKey(kms.addKey().uri, text);
  assert.equal(kms.channels, 2);
});

test('A lost answer is asked for again, with a new channel after a while, and given up on in the end', async (t) => {
  const { kms, keys } = await bench(t, { firstTimeoutMs: 100 });
  const { uri } = kms.addKey();
  kms.silent = 2;
  assert.equal(await keys.withKey(uri, text), kms.keys.get(uri));
  assert.equal(kms.channels, 2);
  kms.silent = 9;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('unavailable', 'KMS_TIMEOUT'));
});

test('An altered answer is refused', async (t) => {
  const { kms, keys } = await bench(t);
  kms.flipAnswers = true;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('tampered', 'KMS_ANSWER_TAMPERED'));
});

test('An unasked reset signed with the static key drops the channel', async (t) => {
  const { kms, keys, push, answered } = await bench(t);
  await keys.withKey(kms.addKey().uri, text);
  const before = answered();
  push([await kms.sign({ status: 499, requestId: randomUUID() })]);
  while (answered() === before) await new Promise((resolve) => setImmediate(resolve));
  await keys.withKey(kms.addKey().uri, text);
  assert.equal(kms.channels, 2);
});

test('A reset that is played again drops nothing', async (t) => {
  const { kms, keys, push, answered } = await bench(t);
  const reset = await kms.sign({ status: 499, requestId: randomUUID() });
  await keys.withKey(kms.addKey().uri, text);
  for (let n = 0; n < 3; n += 1) {
    push([reset]);
    // A message that nobody reads comes after it: what is answered then was not hindered by the reset.
    await keys.withKey(kms.addKey().uri, text);
  }
  assert.equal(kms.channels, 2, 'the first time it counts');
  assert.ok(answered() > 0);
});

test('An answer of the channel that is signed in the open is refused, and so is a channel of another account', async (t) => {
  const { kms, keys } = await bench(t);
  kms.signsResults = true;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('tampered', 'KMS_ANSWER_TAMPERED'));
  kms.channelOwner = randomUUID();
  const other = await bench(t, { kms });
  await assert.rejects(other.keys.withKey(kms.addKey().uri, text), fault('tampered', 'KMS_ANSWER_TAMPERED'));
});

test('A handshake with a point that is not on the curve is refused', async (t) => {
  const { kms, keys } = await bench(t);
  kms.badPoint = true;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('tampered', 'KMS_ANSWER_TAMPERED'));
});

test('Every handshake has a fresh pair', async (t) => {
  const { kms, keys, pass } = await bench(t);
  for (let n = 0; n < 3; n += 1) {
    await keys.withKey(kms.addKey().uri, text);
    pass(kms.channelLifeMs);
  }
  const points = kms.requests.flatMap((one) => (one.jwk === undefined ? [] : [one.jwk.x]));
  assert.equal(new Set(points).size, 3);
});

test('A refused handshake and a refused call speak of the token', async (t) => {
  const { kms, keys } = await bench(t);
  kms.handshakeStatus = 403;
  await assert.rejects(keys.withKey(kms.addKey().uri, text), fault('forbidden', 'KMS_REFUSED'));
  kms.httpStatus = 401;
  await assert.rejects(keys.issue([['a']]), fault('forbidden', 'KMS_REFUSED'));
});
