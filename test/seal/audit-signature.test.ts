import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { before, test } from 'node:test';
import { type AuditHead, canonicalHead, GENESIS } from '../../src/domain/audit.ts';
import { auditPublicKey, isSignedHead, signAuditHead } from '../../src/seal/audit-signature.ts';
import { libsodium, sodiumReady } from '../../src/seal/sodium.ts';

const SEED = Buffer.from('zq-a-seed-that-is-looked-for-32q');
const HEAD: AuditHead = {
  first: 1,
  previous: GENESIS,
  last: 7,
  hash: 'ab'.repeat(32),
  at: 1_764_000_000_000,
};
/** What stands before an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

before(sodiumReady);

test('a signed head is verified by OpenSSL over its canonical form, which stays what it is', () => {
  const { publicKey, signature } = signAuditHead(HEAD, SEED);
  assert.equal(
    Buffer.from(canonicalHead(HEAD)).toString(),
    `["hybrid-calendar audit head 1",1,"${GENESIS}",7,"${'ab'.repeat(32)}",1764000000000]`,
  );
  assert.equal(publicKey, Buffer.from(auditPublicKey(SEED)).toString('base64'));
  const der = Buffer.concat([SPKI, Buffer.from(publicKey, 'base64')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  assert.ok(verify(null, canonicalHead(HEAD), key, Buffer.from(signature, 'base64')));
});

test('a head with any member changed, and a signature that is none, are refused', () => {
  const signed = signAuditHead(HEAD, SEED);
  assert.ok(isSignedHead(signed));
  for (const other of [
    { first: 2 },
    { previous: 'cd'.repeat(32) },
    { last: 8 },
    { hash: GENESIS },
    { at: 1 },
    { publicKey: '' },
    { publicKey: Buffer.from(auditPublicKey(new Uint8Array(32))).toString('base64') },
    { signature: '' },
    { signature: Buffer.alloc(64).toString('base64') },
  ])
    assert.ok(!isSignedHead({ ...signed, ...other }), JSON.stringify(other));
});

test('neither seed nor private key stays in the memory of libsodium', () => {
  signAuditHead(HEAD, SEED);
  auditPublicKey(SEED);
  assert.equal(Buffer.from(libsodium().HEAPU8).includes(SEED), false);
});
