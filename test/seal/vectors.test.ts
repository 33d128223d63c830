import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Place } from '../../src/domain/place.ts';
import { canonicalJson } from '../../src/seal/canonical.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf, openField, sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { placeBytes } from '../../src/seal/place.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { withArea } from '../../src/seal/sodium-area.ts';
import { deriveSubkey, KEY_BYTES, SUBKEY_ROOM } from '../../src/seal/subkey.ts';
import { sealIn, sealingRoom } from '../../src/seal/xchacha.ts';

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

test('C2: XChaCha20-Poly1305 is the one of draft-irtf-cfrg-xchacha-03, A.3.1', () => {
  const text =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  const bound = Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex');
  const key = Uint8Array.from({ length: 32 }, (_, n) => 0x80 + n);
  const nonce = Uint8Array.from({ length: 24 }, (_, n) => 0x40 + n);
  const sealed = withArea(key.length + sealingRoom(bound, text.length), (area) =>
    hex(sealIn(area, area.put(key), nonce, bound, Buffer.from(text))),
  );
  assert.equal(
    sealed,
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e' +
      'c0875924c1c7987947deafd8780acf49',
  );
});

test('C2: the subkeys of a key are what they were', () => {
  const frozen = {
    rest: '9eac6daeca6f38efedfe60b5680ccc405ebec90269c9e5e58059e37bf078d876',
    lookup: 'c7566a3189bad012b1c40daac06459174c8ea5ba321eb5ab94566167d5c16688',
    context: '01b1ffce8794536f4763ee54f72162d4225a5ae14072db9263fc0e50cf4da7f9',
  } as const;
  for (const purpose of ['rest', 'lookup', 'context'] as const) {
    const subkey = withArea(SUBKEY_ROOM, (area) =>
      hex(area.view(deriveSubkey(area, KEY, purpose), KEY_BYTES)),
    );
    assert.equal(subkey, frozen[purpose], purpose);
  }
});

test('C2: a place is written as it was', () => {
  assert.equal(
    hex(placeBytes(1, URI, MEETING)),
    '00000001010000003b6b6d733a2f2f6b6d732e6578616d706c652f6b6579732f35663063326537612d316634622d346135312d396434332d366634623065336432633130000000076d656574696e670000002430613030303030302d303030302d343030302d383030302d30303030303030303030303100000004343731310000000c41414d6bc3852ff09f97933d000000023132',
  );
});

test('C2: an envelope is byte for byte what it was', () => {
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

test('C2: an A256GCM field is character for character what it was', () => {
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

test('C2: an XC20P field and the ctx in its header are character for character what they were', () => {
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

test('C2: a keyed hash and a canonical form are what they were', () => {
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
