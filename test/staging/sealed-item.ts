import { randomBytes } from 'node:crypto';

export const KEY = 'kms://kms.nordwind.example/keys/11111111-2222-4333-8444-555555555555';

interface Header {
  readonly alg: string;
  readonly enc: string;
  readonly [name: string]: string;
}

/** A compact JWE from outside, of random bytes: the cloud looks at its form and can not open it. */
export function jwe(header: Header = { alg: 'dir', enc: 'A256GCM' }): string {
  const nonce = randomBytes(header.enc === 'XC20P' ? 24 : 12);
  return compact(header, '', nonce, randomBytes(20), randomBytes(16));
}

export function compact(
  header: object,
  encryptedKey: string,
  nonce: Buffer,
  body: Buffer,
  tag: Buffer,
): string {
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  const rest = [nonce, body, tag].map((part) => part.toString('base64url'));
  return [head, encryptedKey, ...rest].join('.');
}

/** A meeting item as the ingest profile takes it. */
export function sealedItem(id: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    id,
    seriesId: `series of ${id}`,
    start: '2026-03-01T09:00:00.000Z',
    durationMinutes: 30,
    isRecurring: false,
    encryptionKeyUrl: KEY,
    encryptedSubject: jwe(),
    ...more,
  };
}

/** Ids inside paths are base64url. */
export function inPath(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}
