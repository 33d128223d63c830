import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Place } from '../../src/domain/place.ts';
import { canonicalJson } from '../../src/seal/canonical.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf, openField, sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

// What was sealed once must open for ever: these bytes never change, they are only added to.
const KEY = Uint8Array.from({ length: 32 }, (_, n) => (255 - 7 * n) & 255);
const NONCE = Uint8Array.from({ length: 24 }, (_, n) => 3 * n + 1);
const URI = 'kms://kms.example/keys/5f0c2e7a-1f4b-4a51-9d43-6f4b0e3d2c10';
const MEETING: Place = {
  purpose: 'meeting',
  tenant: '0a000000-0000-4000-8000-000000000001',
  mailbox: '4711',
  event: 'AAMkÅ/🗓=',
  version: 12,
};
const ADDRESS: Place = { purpose: 'address', tenant: '', mailbox: '', event: '', version: 1 };
const TEXT = 'Möte ✓';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

before(sodiumReady);

test('an envelope is byte for byte what it was', () => {
  const vectors = [
    [
      MEETING,
      TEXT,
      '010104070a0d101316191c1f2225282b2e3134373a3d404346fe16da908c6208b8c04a4c5fb333699c67bca1e842865743c9',
    ],
    [ADDRESS, '', '010104070a0d101316191c1f2225282b2e3134373a3d404346ca91dabc44ea8a9406f23c335c1425f9'],
  ] as const;
  for (const [place, text, frozen] of vectors) {
    assert.equal(hex(sealEnvelope(KEY, URI, place, Buffer.from(text), NONCE)), frozen);
    const opened = openEnvelope(KEY, URI, place, Buffer.from(frozen, 'hex'));
    assert.equal(Buffer.from(opened).toString(), text);
  }
});

test('an A256GCM field is character for character what it was', () => {
  const binding = { kid: URI, ctx: '' };
  const vectors = [
    [TEXT, 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AQQHCg0QExYZHB8i.HCIpy2sdEIzm.znzMfFv1NkYvFyq_ALFtGg'],
    ['', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AQQHCg0QExYZHB8i..Y8ByN6hklDdeWzhjdUrqbg'],
  ] as const;
  for (const [text, frozen] of vectors) {
    assert.equal(sealField('A256GCM', KEY, text, NONCE.subarray(0, 12), binding), frozen);
    assert.equal(openField(KEY, frozen, binding), text);
  }
});

test('an XC20P field and the ctx in its header are character for character what they were', () => {
  assert.equal(contextOf(KEY, MEETING), 'Sa7MOxuO4KYIxvNuACiTaQ');
  assert.equal(contextOf(KEY, ADDRESS), '0vhmSimKr30xW2kzoqLlYQ');
  const binding = { kid: URI, ctx: 'Sa7MOxuO4KYIxvNuACiTaQ' };
  const head =
    'eyJhbGciOiJkaXIiLCJlbmMiOiJYQzIwUCIsImtpZCI6ImttczovL2ttcy5leGFtcGxlL2tleXMvNWYwYzJlN2EtMWY0Yi00YTUxLTlkNDMtNmY0YjBlM2QyYzEwIiwiY3R4IjoiU2E3TU94dU80S1lJeHZOdUFDaVRhUSJ9';
  const vectors = [
    [TEXT, `${head}..AQQHCg0QExYZHB8iJSgrLjE0Nzo9QENG.nwAdgVRARKXh.FJLHmjFwgSSYtTjOiN0wYQ`],
    ['', `${head}..AQQHCg0QExYZHB8iJSgrLjE0Nzo9QENG..NxlakmVG8nFUiu63Kio64Q`],
  ] as const;
  for (const [text, frozen] of vectors) {
    assert.equal(sealField('XC20P', KEY, text, NONCE, binding), frozen);
    assert.equal(openField(KEY, frozen, binding), text);
  }
});

test('a keyed hash and a canonical form are what they were', () => {
  const vectors = [
    ['address', 'ann@nordwind.example', '6fdd89658cbb92ac34272d02c16e72c1565341e2a0fd17c73707d0c1e035a6c8'],
    [
      'content',
      new Uint8Array(300).fill(7),
      '6da24400df90639fee98d5ae584fe22fda326b8f46620600ad70cce103e98690',
    ],
    ['', '', '8a93af4f22c25c0bb483c997a2f49b5d95e29420703776b0ec715158c5e78263'],
  ] as const;
  for (const [purpose, data, frozen] of vectors) assert.equal(hex(keyedHash(KEY, purpose, data)), frozen);
  const value = { subject: TEXT, at: 1, people: [{ name: 'Ann', address: 'ann@x.example' }], none: null };
  assert.equal(
    Buffer.from(canonicalJson(value)).toString(),
    '{"at":1,"none":null,"people":[{"address":"ann@x.example","name":"Ann"}],"subject":"Möte ✓"}',
  );
});
