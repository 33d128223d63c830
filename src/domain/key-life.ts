/** How long a key seals, and when the next one is made. */
import { AppError } from './app-error.ts';
import type { KeyRow } from './rows.ts';

/**
 * Most sealings under one key. Webex apps open A256GCM with random nonces of 96 bits, for which NIST SP 800-38D, section 8.3, allows
 * 2^32 messages under one key. Far fewer here: a delivery whose answer is lost is sealed again, at most 25 times, and only what was
 * acknowledged is counted. 25 times 2^24 is below 2^29, where two equal nonces are 2^7 times less likely than that limit takes.
 */
export const MOST_SEALS = 2 ** 24;
/** From here on the next key is made: long before this one must stop. */
const ENOUGH_SEALS = MOST_SEALS * 0.75;

/** A key that nobody set an end to. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** So long a key is kept that nothing is under any more: for backups of before. In milliseconds. */
export const KEPT_MS = 31 * 24 * 60 * 60_000;

/** The part of its life after which the next key is made, from and to: a KMS that is away then has the rest of it to come back. */
const RENEW_FROM = 0.8;
const RENEW_TO = 0.9;

export type KeyLife = Pick<KeyRow, 'seals' | 'sealUntil' | 'renewAt'>;

/**
 * The life of a new key. `ends`: when our own period and the KMS end it, in epoch milliseconds. `unit` in [0, 1) spreads the
 * renewals of many keys that were made at once over a tenth of their life.
 */
export function newKeyLife(now: number, ends: readonly number[], unit: number): KeyLife {
  const sealUntil = Math.min(FOR_EVER, ...ends);
  if (sealUntil === FOR_EVER) return { seals: 0, sealUntil, renewAt: FOR_EVER };
  const part = RENEW_FROM + unit * (RENEW_TO - RENEW_FROM);
  return { seals: 0, sealUntil, renewAt: Math.floor(now + Math.max(0, sealUntil - now) * part) };
}

/** The life of a key after so many more sealings. */
export function afterSeals(key: KeyLife, count: number, now: number): KeyLife {
  const seals = key.seals + count;
  const renewAt = key.renewAt !== null && seals >= ENOUGH_SEALS ? Math.min(key.renewAt, now) : key.renewAt;
  return { seals, renewAt, sealUntil: seals >= MOST_SEALS ? Math.min(key.sealUntil, now) : key.sealUntil };
}

/** The life of a key that seals no more from now on, and that something else has taken or takes the place of. */
export function endedLife(key: KeyLife, now: number): KeyLife {
  return { seals: key.seals, sealUntil: Math.min(key.sealUntil, now), renewAt: null };
}

/** What the KMS says of this one key: it lets it seal no more, does not give it out any more, or has revoked it. */
export type KeyEnd = 'expired' | 'lost' | 'revoked';

const ENDS: Readonly<Record<string, KeyEnd>> = {
  KMS_KEY_EXPIRED: 'expired',
  KMS_KEY_GONE: 'lost',
  KMS_KEY_REFUSED: 'lost',
  KMS_KEY_REVOKED: 'revoked',
};

/** Null for everything that says nothing about the key itself, an outage for example. */
export function keyEndOf(thrown: unknown): KeyEnd | null {
  return thrown instanceof AppError ? (ENDS[thrown.reason] ?? null) : null;
}
