import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, kmsRig, text } from './kms-rig.ts';

test('A channel that ends soon is replaced before its end', async (t) => {
  const { newKey, fault: order, channels, pass } = await kmsRig(t);
  await order('brief-channels');
  await newKey();
  await pass(14_000);
  await newKey();
  assert.equal(channels(), 1);
  await pass(2_000);
  await newKey();
  assert.equal(channels(), 2);
});

test('Many who ask while the channel is replaced share one handshake', async (t) => {
  const { keys, newKey, reader, channels, pass } = await kmsRig(t);
  await newKey();
  await pass(3_600_000);
  await Promise.all(Array.from({ length: 8 }, () => keys.issue([[reader]])));
  assert.equal(channels(), 2);
});

test('A channel that the KMS resets is made again once; a KMS that resets every one is given up on', async (t) => {
  for (const stream of [false, true]) {
    const { newKey, fault: order, spent, channels } = await kmsRig(t, { stream });
    await newKey();
    await order('reset', 1);
    await newKey();
    assert.ok(spent());
    assert.equal(channels(), 2);
    await order('reset');
    await assert.rejects(newKey(), fault('unavailable', 'KMS_RESET'));
  }
});

test('A KMS that answers each of many messages with a reset costs one new channel', async (t) => {
  for (const stream of [false, true]) {
    const { keys, fault: order, spent, reader, channels } = await kmsRig(t, { stream });
    await keys.issue([[reader]]);
    await order('reset', 12);
    const issues = await Promise.all(Array.from({ length: 12 }, () => keys.issueEach([[reader]])));
    assert.ok(issues.flat().every((one) => one.kind === 'issued'));
    assert.ok(spent());
    assert.equal(channels(), 2);
  }
});

test('A reset that comes unasked over the WebSocket drops the channel before anybody runs into it', async (t) => {
  const { cloud, keys, frames, nextFrame, newKey, channels } = await kmsRig(t, { stream: true });
  const uri = await newKey();
  const key = await keys.withKey(uri, text);
  const reset = nextFrame();
  await cloud.call('POST', '/control/kms/reset', { body: {} });
  await reset;
  assert.equal(frames.at(-1)?.[0]?.split('.').length, 3, 'signed with the static key');
  const before = frames.length;
  await newKey();
  const signed = frames
    .slice(before)
    .flat()
    .filter((one) => one.split('.').length === 3);
  assert.equal(signed.length, 1, 'the handshake, and no second reset');
  assert.equal(channels(), 1);
  assert.equal(await keys.withKey(uri, text), key);
});

test('A KMS that has lost its channels over a restart is greeted anew', async (t) => {
  const { cloud, keys, newKey, channels } = await kmsRig(t);
  const uri = await newKey();
  const key = await keys.withKey(uri, text);
  await cloud.restart();
  await cloud.call('POST', '/control/kms/reset', { body: {} });
  await newKey();
  assert.equal(channels(), 1);
  assert.equal(await keys.withKey(uri, text), key);
});
