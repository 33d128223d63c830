import assert from 'node:assert/strict';
import { Cipheriv, Decipheriv, randomBytes } from 'node:crypto';
import { before, mock, type TestContext, test } from 'node:test';
import { openField, sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { libsodium, sodiumReady } from '../../src/seal/sodium.ts';

const TEXT = 'zq-a-subject-that-is-looked-for-qz';
const BINDING = { kid: 'kms://k', ctx: '' };

before(sodiumReady);

/** Every buffer that goes into the cipher or comes out of it. */
function buffersOf(t: TestContext, cipher: typeof Cipheriv | typeof Decipheriv): Buffer[] {
  const seen: Buffer[] = [];
  const original = cipher.prototype.update;
  const spy = mock.method(cipher.prototype, 'update', function (this: unknown, plain: Buffer) {
    const made: Buffer = Reflect.apply(original, this, [plain]);
    seen.push(plain, made);
    return made;
  });
  t.after(() => spy.mock.restore());
  return seen;
}

test('the text of a field is wiped when it has been sealed', (t) => {
  const seen = buffersOf(t, Cipheriv);
  sealField('A256GCM', randomBytes(32), TEXT, randomBytes(12), BINDING);
  const [plain] = seen;
  assert.equal(plain?.length, TEXT.length);
  assert.ok(plain?.every((byte) => byte === 0));
});

test('the bytes of a field are wiped when it has been opened, and when it turns out not to be authentic', (t) => {
  const key = randomBytes(32);
  const field = sealField('A256GCM', key, TEXT, randomBytes(12), BINDING);
  const parts = field.split('.');
  const forged = parts.with(4, randomBytes(16).toString('base64url')).join('.');
  const seen = buffersOf(t, Decipheriv);
  assert.equal(openField(key, field, BINDING), TEXT);
  assert.throws(() => openField(key, forged, BINDING), { reason: 'SEAL_REFUSED' });
  const [, opened, , unproven] = seen;
  for (const plain of [opened, unproven]) {
    assert.equal(plain?.length, TEXT.length);
    assert.ok(plain?.every((byte) => byte === 0));
  }
});

test('a field that is refused leaves neither key nor text in the memory of libsodium', () => {
  const key = Buffer.from('zq-a-key-that-is-looked-for-32qz');
  const binding = { kid: 'kms://k', ctx: 'c' };
  const field = sealField('XC20P', key, TEXT, randomBytes(24), binding);
  const forged = field.split('.').with(4, randomBytes(16).toString('base64url')).join('.');
  assert.throws(() => openField(key, forged, binding), { reason: 'SEAL_REFUSED' });
  assert.throws(() => keyedHash(key.subarray(1), 'address', TEXT), RangeError);
  const memory = Buffer.from(libsodium().HEAPU8);
  assert.equal(memory.includes(key), false);
  assert.equal(memory.includes(TEXT), false);
});
