import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '../domain/ports.ts';
import type { SetupLinkRow } from '../domain/rows.ts';

const TOKEN_BYTES = 32;
const LIFE_MS = 15 * 60_000;
/** Compared against when no link stands, so that it takes as long as when one does. */
const NO_LINK = createHash('sha256').update('no link').digest();

/** Where the one standing link is kept: only the hash of its token. */
export interface SetupLinkStore {
  link(): SetupLinkRow | null;
  putLink(row: SetupLinkRow): void;
  anyAdmin(): boolean;
  /**
   * Uses the link up and makes the administrator (or changes the password) in one step with its row in the audit log; false when
   * it is not valid any more. `from` is the remote address.
   */
  redeem(tokenHash: Uint8Array, name: string, passwordHash: string, from: string): boolean;
}

export interface SetupLinksDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly setup: SetupLinkStore;
}

/** One-time links by which an administrator's name and password are chosen: 256 random bits, 15 minutes, used once. */
export class SetupLinks {
  readonly #store: SetupLinkStore;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ setup, clock, random }: SetupLinksDeps) {
    this.#store = setup;
    this.#clock = clock;
    this.#random = random;
  }

  /** A new token in place of the last one; null when an administrator exists and `reset` was not asked for. */
  make(reset: boolean): string | null {
    if (!reset && this.#store.anyAdmin()) return null;
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url');
    this.#store.putLink({ tokenHash: hashOf(token), expiresAt: this.#clock.now() + LIFE_MS, reset });
    return token;
  }

  isGood(token: string): boolean {
    const link = this.#store.link();
    const same = timingSafeEqual(hashOf(token), link?.tokenHash ?? NO_LINK);
    if (link === null || !same || this.#clock.now() >= link.expiresAt) return false;
    return link.reset || !this.#store.anyAdmin();
  }

  redeem(token: string, name: string, passwordHash: string, from: string): boolean {
    return this.isGood(token) && this.#store.redeem(hashOf(token), name, passwordHash, from);
  }
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
