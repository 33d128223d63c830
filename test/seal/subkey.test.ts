import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Place } from '../../src/domain/place.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { placeBytes } from '../../src/seal/place.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { withArea } from '../../src/seal/sodium-area.ts';
import { deriveSubkey, KEY_BYTES, SUBKEY_ROOM, type SubkeyPurpose } from '../../src/seal/subkey.ts';

const PURPOSES: readonly SubkeyPurpose[] = ['rest', 'lookup', 'context'];
const PLACE: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMk', version: 3 };
const URI = 'kms://kms.example/keys/1';

before(sodiumReady);

function subkey(key: Uint8Array, purpose: SubkeyPurpose): Buffer {
  return withArea(SUBKEY_ROOM, (area) => Buffer.from(area.view(deriveSubkey(area, key, purpose), KEY_BYTES)));
}

test('the subkeys at rest, for look-up and for contexts never coincide with each other or with the key on the wire', () => {
  const keys = [
    new Uint8Array(32),
    new Uint8Array(32).fill(255),
    ...Array.from({ length: 1_000 }, () => randomBytes(32)),
  ];
  const seen = new Set(
    keys.flatMap((key) => [key, ...PURPOSES.map((purpose) => subkey(key, purpose))].map(hex)),
  );
  assert.equal(seen.size, 4 * keys.length);
});

test('the key on the wire opens nothing at rest, and the key at rest nothing on the wire', () => {
  const key = randomBytes(32);
  const nonce = randomBytes(24);
  const envelope = Buffer.from(sealEnvelope(key, URI, PLACE, Buffer.from('secret'), nonce));
  const bound = placeBytes(1, URI, PLACE);
  const atRest = (k: Uint8Array) => () =>
    xchacha20poly1305(k, envelope.subarray(1, 25), bound).decrypt(envelope.subarray(25));
  assert.equal(Buffer.from(atRest(subkey(key, 'rest'))()).toString(), 'secret');
  for (const wrong of [key, subkey(key, 'lookup'), subkey(key, 'context')]) assert.throws(atRest(wrong));

  const [head = '', , iv = '', body = '', tag = ''] = sealField('XC20P', key, 'secret', nonce, {
    kid: URI,
    ctx: '',
  }).split('.');
  const sealed = Buffer.concat([Buffer.from(body, 'base64url'), Buffer.from(tag, 'base64url')]);
  const onWire = (k: Uint8Array) => () =>
    xchacha20poly1305(k, Buffer.from(iv, 'base64url'), Buffer.from(head)).decrypt(sealed);
  assert.equal(Buffer.from(onWire(key)()).toString(), 'secret');
  for (const purpose of PURPOSES) assert.throws(onWire(subkey(key, purpose)));
});

test('a key of another length is refused before anything is made of it', () => {
  for (const length of [0, 16, 31, 33, 64]) {
    const key = randomBytes(length);
    assert.throws(() => sealEnvelope(key, URI, PLACE, new Uint8Array(), new Uint8Array(24)), RangeError);
    assert.throws(() => openEnvelope(key, URI, PLACE, new Uint8Array(41).fill(1)), RangeError);
    assert.throws(() => keyedHash(key, 'address', 'x'), RangeError);
  }
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
