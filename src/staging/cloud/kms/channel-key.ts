import { createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const COORDINATE = z.string().regex(/^[\w-]{43}$/);

/** The public P-256 key of an ECDHE request; a `kid` may come along. */
export const EC_PUBLIC = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: COORDINATE,
  y: COORDINATE,
});
export type EcPublic = z.infer<typeof EC_PUBLIC>;

export interface Agreement {
  /** 32 bytes: the channel's A256GCM key. */
  readonly key: Uint8Array;
  /** Our half, for the answer. */
  readonly jwk: object;
}

/** HKDF-SHA-256 of the agreed x-coordinate with empty salt and info, 32 bytes (reference: webex.md 2.4). */
export function deriveChannelKey(ours: KeyObject, theirs: KeyObject): Uint8Array {
  const shared = diffieHellman({ privateKey: ours, publicKey: theirs });
  return new Uint8Array(hkdfSync('sha256', shared, new Uint8Array(), new Uint8Array(), 32));
}

/** Agrees on a channel key with a fresh pair of our own; null when the client's point is not on the curve. */
export function agree(client: EcPublic): Agreement | null {
  const theirs = importPoint(client);
  if (theirs === null) return null;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: deriveChannelKey(privateKey, theirs), jwk: publicKey.export({ format: 'jwk' }) };
}

function importPoint(jwk: EcPublic): KeyObject | null {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return null;
  }
}
