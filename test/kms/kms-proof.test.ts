import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KmsFault } from '../../src/staging/cloud/kms/kms-faults.ts';
import { fault, kmsRig, text } from './kms-rig.ts';

const CERTIFICATES: readonly (readonly [KmsFault['kind'], string])[] = [
  ['wrong-chain', 'KMS_CERTIFICATE_CHAIN'],
  ['wrong-host', 'KMS_CERTIFICATE_NAME'],
  ['expired-certificate', 'KMS_CERTIFICATE_EXPIRED'],
  ['other-key', 'KMS_CERTIFICATE_KEY'],
];
const SIGNATURES: readonly KmsFault['kind'][] = [
  'wrong-signer',
  'foreign-kid',
  'unsigned',
  'public-key-as-secret',
];

test('A KMS that a configured root does not vouch for gets no word, and is trusted again when it can prove itself', async (t) => {
  const { keys, fault: order, channels, reader } = await kmsRig(t);
  for (const [kind, reason] of CERTIFICATES) {
    await order(kind);
    await assert.rejects(keys.issue([[reader]]), fault('tampered', reason));
  }
  assert.equal(channels(), 0);
  await order('none');
  assert.equal((await keys.issue([[reader]])).length, 1);
});

test('A channel is agreed on with RS256 and with PS256', async (t) => {
  for (const algorithm of ['RS256', 'PS256']) {
    const { cloud, newKey } = await kmsRig(t);
    await cloud.call('POST', '/control/kms/signature', { body: { algorithm } });
    assert.match(await newKey(), /^kms:/);
  }
});

test('A foreign signer, a foreign kid, no signature and the public key as a secret are refused', async (t) => {
  const { keys, fault: order, reader } = await kmsRig(t);
  for (const kind of SIGNATURES) {
    await order(kind);
    await assert.rejects(keys.issue([[reader]]), fault('tampered', 'KMS_ANSWER_TAMPERED'), kind);
  }
  await order('none');
  assert.equal((await keys.issue([[reader]])).length, 1);
});

test('An altered answer is refused, and an authentic one that says nothing as well', async (t) => {
  for (const stream of [false, true]) {
    const { keys, newKey, fault: order, pass } = await kmsRig(t, { stream });
    const uri = await newKey();
    const key = await keys.withKey(uri, text);
    await order('garble-answers');
    await assert.rejects(newKey(), fault('unavailable', 'KMS_ANSWER_MALFORMED'));
    await order('tamper-answers');
    await assert.rejects(newKey(), fault('tampered', 'KMS_ANSWER_TAMPERED'));
    await pass(3_600_000);
    await assert.rejects(keys.withKey(uri, text), fault('tampered', 'KMS_ANSWER_TAMPERED'));
    await order('none');
    assert.equal(await keys.withKey(uri, text), key);
  }
});

test('An answer that is played again counts for nothing: the true one is asked for', async (t) => {
  for (const stream of [false, true]) {
    const { keys, newKey, fault: order, spent, pass } = await kmsRig(t, { stream, firstTimeoutMs: 400 });
    const uri = await newKey();
    const key = await keys.withKey(uri, text);
    // Both the key and the channel are old by now, so the handshake is what gets the former answer.
    await pass(3_600_000);
    await order('replay-answers', 1);
    assert.equal(await keys.withKey(uri, text), key);
    assert.ok(spent());
    // Now a request on the channel.
    await order('replay-answers', 1);
    const other = await newKey();
    assert.ok(spent());
    assert.notEqual(other, uri);
    assert.notEqual(await keys.withKey(other, text), key);
  }
});

test('Answers that come twice, in another order or are lost lead to the same keys', async (t) => {
  for (const stream of [false, true]) {
    const { cloud, keys, fault: order, reader } = await kmsRig(t, { stream, firstTimeoutMs: 400 });
    for (const kind of ['shuffle-answers', 'repeat-answers'] as const) {
      await order(kind);
      await readsBack((await keys.issue([[reader], [reader], [reader]])).map(({ uri }) => uri));
    }
    await order('none');
    const [first] = await keys.issue([[reader]]);
    await order('lose-answers', 2);
    const issued = await keys.issue([[reader]]);
    await readsBack([first, ...issued].map((one) => one?.uri ?? ''));

    async function readsBack(uris: readonly string[]): Promise<void> {
      assert.equal(new Set(uris).size, uris.length);
      for (const uri of uris) {
        const held = cloud.context.disk.table<{ jwk: { k: string } }>('kms-keys').get(uri);
        assert.equal(await keys.withKey(uri, text), held?.jwk.k);
      }
    }
  }
});

test('A KMS that takes everything and answers nothing is given up on', async (t) => {
  const { newKey, fault: order } = await kmsRig(t, { firstTimeoutMs: 100 });
  await newKey();
  await order('lose-answers');
  await assert.rejects(newKey(), fault('unavailable', 'KMS_TIMEOUT'));
});
