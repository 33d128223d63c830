import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Place } from '../domain/place.ts';
import { refused } from './envelope.ts';
import { subkeyHash } from './keyed-hash.ts';
import { placeBytes } from './place.ts';
import { withArea } from './sodium-area.ts';
import { KEY_BYTES } from './subkey.ts';
import { NONCE_BYTES, openIn, sealIn, sealingRoom, TAG_BYTES } from './xchacha.ts';

export type FieldAlgorithm = 'A256GCM' | 'XC20P';

/** What an XC20P field is bound to: the key's URI and a keyed hash of the item's place. Both stand in its header. */
export interface FieldBinding {
  readonly kid: string;
  readonly ctx: string;
}

// Exactly what stock Webex apps write and open (reference: webex.md 1.4).
const GCM_HEADER = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url');
const GCM_BOUND = Buffer.from(GCM_HEADER, 'ascii');
const CONTEXT_BYTES = 16;

/** Bytes of nonce that a field needs. */
export const FIELD_NONCE_BYTES: Readonly<Record<FieldAlgorithm, number>> = {
  A256GCM: 12,
  XC20P: NONCE_BYTES,
};

/** Keyed hash of a place, for the `ctx` member. */
export function contextOf(key: Uint8Array, place: Place): string {
  return base64url(subkeyHash(key, 'context', placeBytes(0, '', place), CONTEXT_BYTES));
}

/** One field as a compact JWE under the KMS key itself. The nonce has 12 bytes for A256GCM and 24 for XC20P, fresh each time. */
export function sealField(
  algorithm: FieldAlgorithm,
  key: Uint8Array,
  text: string,
  nonce: Uint8Array,
  binding: FieldBinding,
): string {
  if (nonce.length !== FIELD_NONCE_BYTES[algorithm])
    throw new RangeError(`${algorithm} needs a nonce of ${FIELD_NONCE_BYTES[algorithm]} bytes`);
  const plain = Buffer.from(text, 'utf8');
  try {
    if (algorithm === 'A256GCM') return sealGcm(key, plain, nonce);
    return sealXc20p(key, plain, nonce, xc20pHeader(binding));
  } finally {
    plain.fill(0);
  }
}

/** The text of a compact JWE made by sealField. Throws AppError SEAL_REFUSED; an XC20P field needs its expected binding. */
export function openField(key: Uint8Array, field: string, binding: FieldBinding): string {
  try {
    const parts = field.split('.');
    const [head = '', encryptedKey = '', iv = '', body = '', tag = ''] = parts;
    if (parts.length !== 5 || encryptedKey !== '' || strictBytes(tag).length !== TAG_BYTES) throw refused();
    const sealed = Buffer.concat([strictBytes(body), strictBytes(tag)]);
    if (head === GCM_HEADER) return openGcm(key, sealed, strictNonce('A256GCM', iv), head);
    if (head !== xc20pHeader(binding)) throw refused();
    return openXc20p(key, sealed, strictNonce('XC20P', iv), head);
  } catch {
    throw refused();
  }
}

function xc20pHeader({ kid, ctx }: FieldBinding): string {
  return base64url(Buffer.from(JSON.stringify({ alg: 'dir', enc: 'XC20P', kid, ctx })));
}

function sealGcm(key: Uint8Array, plain: Uint8Array, nonce: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(GCM_BOUND);
  const body = cipher.update(plain);
  // A stream cipher: the end adds nothing to the body, it only makes the tag.
  cipher.final();
  return compact(GCM_HEADER, nonce, body, cipher.getAuthTag());
}

function openGcm(key: Uint8Array, sealed: Buffer, nonce: Uint8Array, head: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(head, 'ascii'));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    // Only the end tells whether what came out may be believed.
    decipher.final();
    return plain.toString('utf8');
  } finally {
    plain.fill(0);
  }
}

function sealXc20p(key: Uint8Array, plain: Uint8Array, nonce: Uint8Array, head: string): string {
  const bound = Buffer.from(head, 'ascii');
  return withArea(KEY_BYTES + sealingRoom(bound, plain.length), (area) => {
    const sealed = sealIn(area, area.put(key), nonce, bound, plain);
    return compact(head, nonce, sealed.subarray(0, plain.length), sealed.subarray(plain.length));
  });
}

function openXc20p(key: Uint8Array, sealed: Uint8Array, nonce: Uint8Array, head: string): string {
  const bound = Buffer.from(head, 'ascii');
  return withArea(KEY_BYTES + sealingRoom(bound, sealed.length), (area) => {
    const plain = openIn(area, area.put(key), nonce, bound, sealed);
    if (plain === null) throw refused();
    return Buffer.from(plain.buffer, plain.byteOffset, plain.length).toString('utf8');
  });
}

function compact(head: string, nonce: Uint8Array, body: Uint8Array, tag: Uint8Array): string {
  return `${head}..${base64url(nonce)}.${base64url(body)}.${base64url(tag)}`;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

// The spare bits of the last character are ignored by Buffer: two texts for the same bytes must not both be accepted.
function strictBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw refused();
  return bytes;
}

// A longer nonce would not fit into the memory that is set aside for it.
function strictNonce(algorithm: FieldAlgorithm, text: string): Buffer {
  const nonce = strictBytes(text);
  if (nonce.length !== FIELD_NONCE_BYTES[algorithm]) throw refused();
  return nonce;
}
