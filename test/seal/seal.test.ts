import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { compactDecrypt } from 'jose';
import type { Place } from '../../src/domain/place.ts';
import { canonicalJson } from '../../src/seal/canonical.ts';
import { sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf, openField, sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { nonceDrawer } from '../../src/seal/nonces.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const jose: any = createRequire(import.meta.url)('node-jose');
const KEY = Uint8Array.from({ length: 32 }, (_, n) => n);
const NONCE = Uint8Array.from({ length: 24 }, (_, n) => 100 + n);
const URI = 'kms://kms.example/keys/1';
const PLACE: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMk', version: 3 };
const refused = { code: 'tampered', reason: 'SEAL_REFUSED' };

before(sodiumReady);

test('the format stays: a frozen envelope still opens', () => {
  const frozen =
    '016465666768696a6b6c6d6e6f707172737475767778797a7b791af6cf07e91b4a1bb970bc0f3bf023c1ef218549c3';
  assert.equal(
    Buffer.from(sealEnvelope(KEY, URI, PLACE, Buffer.from('frozen'), NONCE)).toString('hex'),
    frozen,
  );
});

test('A256GCM fields are opened by two foreign implementations', async () => {
  const iv = NONCE.subarray(0, 12);
  const field = sealField('A256GCM', KEY, 'Möte ✓', iv, { kid: URI, ctx: '' });
  assert.equal(field.split('.')[0], Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url'));
  const opened = await compactDecrypt(field, KEY);
  assert.equal(Buffer.from(opened.plaintext).toString(), 'Möte ✓');
  const jwk = await jose.JWK.asKey({ kty: 'oct', k: Buffer.from(KEY).toString('base64url'), alg: 'dir' });
  assert.equal((await jose.JWE.createDecrypt(jwk).decrypt(field)).plaintext.toString(), 'Möte ✓');
  assert.equal(openField(KEY, field, { kid: URI, ctx: '' }), 'Möte ✓');
});

test('XC20P fields are opened by a foreign cipher and are bound to their key and place', () => {
  const binding = { kid: URI, ctx: contextOf(KEY, PLACE) };
  const field = sealField('XC20P', KEY, 'Möte ✓', NONCE, binding);
  const [head = '', , iv = '', body = '', tag = ''] = field.split('.');
  const cipher = xchacha20poly1305(KEY, Buffer.from(iv, 'base64url'), Buffer.from(head));
  const sealed = Buffer.concat([Buffer.from(body, 'base64url'), Buffer.from(tag, 'base64url')]);
  assert.equal(Buffer.from(cipher.decrypt(sealed)).toString(), 'Möte ✓');
  assert.equal(openField(KEY, field, binding), 'Möte ✓');
  assert.throws(() => openField(KEY, field, { ...binding, kid: 'kms://kms.example/keys/2' }), refused);
  assert.throws(
    () => openField(KEY, field, { ...binding, ctx: contextOf(KEY, { ...PLACE, version: 2 }) }),
    refused,
  );
});

test('a field with a changed byte or a second spelling of its base64url is refused', () => {
  const field = sealField('A256GCM', KEY, 'text', NONCE.subarray(0, 12), { kid: URI, ctx: '' });
  const parts = field.split('.');
  const tag = Buffer.from(parts[4] ?? '', 'base64url');
  tag[0] = (tag[0] ?? 0) ^ 1;
  const open = (last: string) =>
    openField(KEY, [...parts.slice(0, 4), last].join('.'), { kid: URI, ctx: '' });
  assert.throws(() => open(tag.toString('base64url')), refused);
  const last = parts[4] ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twin = last.slice(0, -1) + alphabet[alphabet.indexOf(last.at(-1) ?? '') ^ 1];
  assert.throws(() => open(twin), refused);
});

test('keyed hashes tell purposes and keys apart, and canonical JSON does not depend on order', () => {
  const hash = (purpose: string, data: string, key = KEY) =>
    Buffer.from(keyedHash(key, purpose, data)).toString('hex');
  assert.equal(hash('a', 'bc'), hash('a', 'bc'));
  assert.notEqual(hash('a', 'bc'), hash('ab', 'c'));
  assert.notEqual(hash('a', 'bc'), hash('a', 'bc', NONCE.length === 24 ? Uint8Array.from(KEY).fill(9) : KEY));
  assert.deepEqual(
    canonicalJson({ b: [{ d: 1, c: 2 }], a: null }),
    canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
  );
});

test('nonces of one drawer have their length and never repeat', () => {
  const lengths: number[] = [];
  const bytes = (length: number): Uint8Array => {
    lengths.push(length);
    return randomBytes(length);
  };
  const nonce = nonceDrawer({ bytes }, 12);
  const drawn = Array.from({ length: 100 }, () => Buffer.from(nonce()).toString('hex'));
  assert.equal(new Set(drawn).size, 100);
  assert.ok(drawn.every((one) => one.length === 24));
  assert.equal(
    new Set(drawn.flatMap((one) => [one.slice(0, 12), one.slice(12)])).size,
    200,
    'no two overlap',
  );
  assert.ok(lengths.length < 10, 'many come from one draw');
});
