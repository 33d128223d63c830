import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import type { Place } from '../../src/domain/place.ts';
import { canonicalJson } from '../../src/seal/canonical.ts';
import { sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { foreignPackage } from './foreign-package.ts';
import { MEETING } from './sealed-meeting.ts';

const noble = foreignPackage('@noble/ciphers/chacha.js');
const { blake2b } = foreignPackage('@noble/hashes/blake2.js');
const stablelib = foreignPackage('@stablelib/xchacha20poly1305');

const URI = 'kms://kms.example/keys/1';
const PLACE: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMkÅ', version: 3 };

before(sodiumReady);

/** What libsodium's crypto_kdf is made of: BLAKE2b keyed with the master key, the id as salt, the context as personalisation. */
function subkey(key: Uint8Array, id: number): Uint8Array {
  const salt = new Uint8Array(16);
  salt[0] = id;
  const personalization = Buffer.concat([Buffer.from('hybrcal1'), Buffer.alloc(8)]);
  return blake2b(new Uint8Array(), { key, salt, personalization, dkLen: 32 });
}

/** Each part with its length before it, in four bytes. */
function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function placeBytes(format: number, keyUri: string): Buffer {
  const { purpose, tenant, mailbox, event, version } = PLACE;
  return lengthPrefixed([Uint8Array.of(format), keyUri, purpose, tenant, mailbox, event, String(version)]);
}

test('An envelope is opened with the KMS key and the description of the format alone, by two other ciphers', () => {
  const key = randomBytes(32);
  const plain = canonicalJson(MEETING);
  const envelope = sealEnvelope(key, URI, PLACE, plain, randomBytes(24));
  const [nonce, sealed] = [envelope.subarray(1, 25), envelope.subarray(25)];
  const rest = subkey(key, 1);
  const bound = placeBytes(1, URI);
  for (const opened of [
    noble.xchacha20poly1305(rest, nonce, bound).decrypt(sealed),
    new stablelib.XChaCha20Poly1305(rest).open(nonce, sealed, bound),
  ])
    assert.deepEqual(JSON.parse(Buffer.from(opened).toString()), MEETING);
});

test('Look-up hashes and contexts are the same from another BLAKE2b', () => {
  const key = randomBytes(32);
  const address = 'ann@nordwind.example';
  const hash = blake2b(lengthPrefixed(['address', address]), { key: subkey(key, 2), dkLen: 32 });
  assert.deepEqual(Buffer.from(keyedHash(key, 'address', address)), Buffer.from(hash));
  const context = blake2b(placeBytes(0, ''), { key: subkey(key, 3), dkLen: 16 });
  assert.equal(contextOf(key, PLACE), Buffer.from(context).toString('base64url'));
});
