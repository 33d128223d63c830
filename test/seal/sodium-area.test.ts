import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Place } from '../../src/domain/place.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { libsodium, sodiumReady } from '../../src/seal/sodium.ts';
import { withArea } from '../../src/seal/sodium-area.ts';

const KEY = Buffer.from('zq-a-key-that-is-looked-for-32-qz');
const TEXT = 'zq-a-subject-that-is-looked-for-qz';
const PLACE: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMk', version: 3 };

before(sodiumReady);

const memory = (): Buffer => Buffer.from(libsodium().HEAPU8);

test('neither key nor plaintext stays in the memory of libsodium', () => {
  const key = KEY.subarray(0, 32);
  const nonce = new Uint8Array(24);
  const envelope = sealEnvelope(key, 'kms://k', PLACE, Buffer.from(TEXT), nonce);
  openEnvelope(key, 'kms://k', PLACE, envelope);
  keyedHash(key, 'content', TEXT);
  sealField('XC20P', key, TEXT, nonce, { kid: 'kms://k', ctx: '' });
  assert.throws(() => openEnvelope(key, 'kms://other', PLACE, envelope), { reason: 'SEAL_REFUSED' });
  assert.equal(memory().includes(key), false);
  assert.equal(memory().includes(TEXT), false);
});

test('an area is wiped when the work in it fails, and holds what was put into it until then', () => {
  const fails = () =>
    withArea(64, (area) => {
      area.put(Buffer.from(TEXT));
      assert.equal(memory().includes(TEXT), true);
      throw new RangeError('no');
    });
  assert.throws(fails, /no/);
  assert.equal(memory().includes(TEXT), false);
});

test('an envelope larger than the memory at the start still opens', () => {
  const plain = new Uint8Array(libsodium().HEAPU8.length + 1).fill(65);
  const envelope = sealEnvelope(KEY.subarray(0, 32), 'kms://k', PLACE, plain, new Uint8Array(24));
  assert.deepEqual(openEnvelope(KEY.subarray(0, 32), 'kms://k', PLACE, envelope), plain);
});

test('an area gives out no memory behind its end', () => {
  withArea(8, (area) => {
    area.put(new Uint8Array(5));
    assert.throws(() => area.put(new Uint8Array(4)), RangeError);
    assert.throws(() => area.room(4), RangeError);
    area.put(new Uint8Array(3));
  });
});
