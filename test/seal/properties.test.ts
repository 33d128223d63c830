import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import fc from 'fast-check';
import type { Place } from '../../src/domain/place.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf, FIELD_NONCE_BYTES, openField, sealField } from '../../src/seal/jwe.ts';
import { nonceDrawer } from '../../src/seal/nonces.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

const RUNS = 1_000;
const SEALS = 1_000_000;
const SIZES = [0, 1, 15, 16, 17, 255, 256, 257, 65_535, 65_536, 65_537, 1024 * 1024];

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const uri = fc.string({ unit: 'grapheme', maxLength: 60 });
const place: fc.Arbitrary<Place> = fc.record({
  purpose: fc.constantFrom('meeting', 'address'),
  tenant: fc.string({ unit: 'grapheme' }),
  mailbox: fc.string({ unit: 'grapheme' }),
  event: fc.string({ unit: 'grapheme', maxLength: 200 }),
  version: fc.nat(),
});

before(sodiumReady);

test('C1: an envelope opens to what was sealed, whatever the key, the place and the bytes are', () => {
  const bytes = fc.uint8Array({ maxLength: 2_000, size: 'max' });
  fc.assert(
    fc.property(key, uri, place, bytes, (k, u, p, plain) => {
      const envelope = sealEnvelope(k, u, p, plain, randomBytes(24));
      assert.equal(envelope.length, plain.length + 41);
      assert.deepEqual(openEnvelope(k, u, p, envelope), plain);
    }),
    { numRuns: RUNS },
  );
});

test('C1: a field opens to the text that was sealed, in both forms', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 500 });
  for (const algorithm of ['A256GCM', 'XC20P'] as const) {
    fc.assert(
      fc.property(key, uri, place, text, (k, kid, p, plain) => {
        const binding = { kid, ctx: contextOf(k, p) };
        const field = sealField(algorithm, k, plain, randomBytes(FIELD_NONCE_BYTES[algorithm]), binding);
        assert.match(field, /^[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]{22}$/);
        assert.equal(openField(k, field, binding), plain);
      }),
      { numRuns: RUNS },
    );
  }
});

test('C1: every size around the edges, up to a mebibyte, opens to what was sealed', () => {
  const k = randomBytes(32);
  const where: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMk', version: 3 };
  for (const size of SIZES) {
    const plain = randomBytes(size);
    const opened = openEnvelope(
      k,
      'kms://k',
      where,
      sealEnvelope(k, 'kms://k', where, plain, randomBytes(24)),
    );
    assert.ok(Buffer.from(opened).equals(plain), `${size} bytes`);
    const text = 'å'.repeat(size / 2);
    for (const algorithm of ['A256GCM', 'XC20P'] as const) {
      const binding = { kid: 'kms://k', ctx: '' };
      const field = sealField(algorithm, k, text, randomBytes(FIELD_NONCE_BYTES[algorithm]), binding);
      assert.ok(openField(k, field, binding) === text, `${algorithm}: ${text.length} characters`);
    }
  }
});

test('C5: a million nonces of each length repeat none, whatever is drawn with them', () => {
  const random = { bytes: (length: number) => randomBytes(length) };
  for (const length of [12, 24]) {
    // The first eight bytes are enough to tell them apart: they would repeat by chance once in forty million runs.
    const drawn = new BigUint64Array(SEALS);
    for (let n = 0; n < SEALS; ) {
      const nonce = nonceDrawer(random, length);
      const fields = Math.min(SEALS - n, 1 + (n % 40));
      for (let field = 0; field < fields; field += 1, n += 1) {
        const bytes = nonce();
        assert.equal(bytes.length, length);
        drawn[n] = Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64LE();
      }
    }
    drawn.sort();
    assert.equal(
      drawn.findIndex((one, n) => n > 0 && one === drawn[n - 1]),
      -1,
    );
  }
});
