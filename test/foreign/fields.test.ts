import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { foreignPackage } from './foreign-package.ts';
import { fieldsOf, PLAIN, sealedMeeting } from './sealed-meeting.ts';

/** The four parts of a compact JWE that are not empty. */
interface Jwe {
  readonly key: Uint8Array;
  readonly nonce: Buffer;
  /** Ciphertext, then tag. */
  readonly sealed: Buffer;
  /** The protected header as it stands in the text: the additional data. */
  readonly bound: Buffer;
}
/** Null when the tag does not fit. */
type Opener = (jwe: Jwe) => Uint8Array | null;

const URI = 'kms://kms.example/keys/1';
const noble = foreignPackage('@noble/ciphers/chacha.js');
const stablelib = foreignPackage('@stablelib/xchacha20poly1305');
const jose = foreignPackage('node-jose');

const CIPHERS: Readonly<Record<string, Opener>> = {
  '@noble/ciphers': ({ key, nonce, sealed, bound }) => {
    try {
      return noble.xchacha20poly1305(key, nonce, bound).decrypt(sealed);
    } catch {
      return null;
    }
  },
  '@stablelib/xchacha20poly1305': ({ key, nonce, sealed, bound }) =>
    new stablelib.XChaCha20Poly1305(key).open(nonce, sealed, bound),
};

before(sodiumReady);

function partsOf(key: Uint8Array, field: string): Jwe {
  const [head = '', none, iv = '', body = '', tag = ''] = field.split('.');
  assert.equal(none, '');
  const sealed = Buffer.concat([Buffer.from(body, 'base64url'), Buffer.from(tag, 'base64url')]);
  return { key, nonce: Buffer.from(iv, 'base64url'), sealed, bound: Buffer.from(head, 'ascii') };
}

for (const [name, open] of Object.entries(CIPHERS)) {
  test(`Every XC20P field of an item is opened by ${name}`, () => {
    const key = randomBytes(32);
    const opened = fieldsOf(sealedMeeting(URI, key, 'XC20P')).map(([path, field]) => [
      path,
      Buffer.from(open(partsOf(key, field)) ?? []).toString(),
    ]);
    assert.deepEqual(Object.fromEntries(opened), PLAIN);
  });

  test(`An XC20P field with another key, header, nonce, text or tag is not opened by ${name}`, () => {
    const key = randomBytes(32);
    const jwe = partsOf(key, String(sealedMeeting(URI, key, 'XC20P').encryptedSubject));
    const flipped = (bytes: Uint8Array, at: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    };
    assert.notEqual(open(jwe), null);
    assert.equal(open({ ...jwe, key: randomBytes(32) }), null);
    assert.equal(open({ ...jwe, bound: flipped(jwe.bound, 9) }), null);
    assert.equal(open({ ...jwe, nonce: flipped(jwe.nonce, 23) }), null);
    assert.equal(open({ ...jwe, sealed: flipped(jwe.sealed, 0) }), null);
    assert.equal(open({ ...jwe, sealed: flipped(jwe.sealed, jwe.sealed.length - 1) }), null);
  });
}

test('Every A256GCM field of an item is opened by node-jose, called as Webex apps call it', async () => {
  const key = randomBytes(32);
  const jwk = await jose.JWK.asKey({ kty: 'oct', k: key.toString('base64url'), kid: URI });
  const opened: [string, string][] = [];
  for (const [path, field] of fieldsOf(sealedMeeting(URI, key, 'A256GCM')))
    opened.push([path, (await jose.JWE.createDecrypt(jwk).decrypt(field)).plaintext.toString()]);
  assert.deepEqual(Object.fromEntries(opened), PLAIN);
});

test('An A256GCM field is not opened by node-jose with another key, header or text', async () => {
  const key = randomBytes(32);
  const field = String(sealedMeeting(URI, key, 'A256GCM').encryptedSubject);
  const [, , iv, body = '', tag] = field.split('.');
  const open = async (k: Buffer, text: string): Promise<void> => {
    const jwk = await jose.JWK.asKey({ kty: 'oct', k: k.toString('base64url') });
    await jose.JWE.createDecrypt(jwk).decrypt(text);
  };
  const reordered = Buffer.from('{"enc":"A256GCM","alg":"dir"}').toString('base64url');
  const other = Buffer.from(body, 'base64url').map((byte, at) => (at === 0 ? byte ^ 1 : byte));
  await open(key, field);
  await assert.rejects(open(randomBytes(32), field));
  await assert.rejects(open(key, [reordered, '', iv, body, tag].join('.')));
  await assert.rejects(
    open(key, [field.split('.')[0], '', iv, Buffer.from(other).toString('base64url'), tag].join('.')),
  );
});
