import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign as signWithNode } from 'node:crypto';
import { before, test } from 'node:test';
import { signingKeysOf, signRulePack, verifiedRulePack } from '../../src/seal/rule-pack-signature.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

const SEED = new Uint8Array(32).fill(7);
const PACK = new TextEncoder().encode('{"format":1}\n');

before(sodiumReady);

test('a signed pack is given back byte by byte to who has the public key', () => {
  const { publicKey } = signingKeysOf(SEED);
  assert.deepEqual(
    Buffer.from(verifiedRulePack(signRulePack(PACK, SEED), publicKey) ?? []),
    Buffer.from(PACK),
  );
});

test('every changed byte, another key and a file that is cut are refused', () => {
  const { publicKey } = signingKeysOf(SEED);
  const file = signRulePack(PACK, SEED);
  for (let index = 0; index < file.length; index += 1) {
    const changed = Uint8Array.from(file);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.equal(verifiedRulePack(changed, publicKey), null, `byte ${index}`);
    assert.equal(verifiedRulePack(file.subarray(0, index), publicKey), null, `cut at ${index}`);
  }
  const other = signingKeysOf(new Uint8Array(32).fill(8)).publicKey;
  assert.equal(verifiedRulePack(file, other), null);
});

test('the signature is Ed25519 as others make it', () => {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  const message = Buffer.concat([Buffer.from('hybrid-calendar rule pack 1\n'), PACK]);
  const signature = signWithNode(null, message, key).toString('base64');
  const file = Buffer.concat([Buffer.from(`hybrid-calendar rule pack, ed25519 ${signature}\n`), PACK]);
  assert.notEqual(verifiedRulePack(file, Buffer.from(raw, 'base64url')), null);
});
