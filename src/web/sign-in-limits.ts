import { createHash } from 'node:crypto';
import type { Clock } from '../domain/ports.ts';

interface Limit {
  readonly tries: number;
  readonly windowMs: number;
}

const PER_ACCOUNT: Limit = { tries: 5, windowMs: 15 * 60_000 };
const PER_ADDRESS: Limit = { tries: 30, windowMs: 3_600_000 };
/** Bounds the memory that a flood from many addresses can take; the oldest windows go first. */
const MAX_WINDOWS = 20_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/**
 * Counts tries per account and address together, and per address alone, so that a stranger can slow down only himself and never
 * locks the administrator out. Lives in memory: a restart forgives.
 */
export class SignInLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one try. Zero when it may go on, else the milliseconds to wait. */
  tryNow(account: string, address: string): number {
    return Math.max(
      this.#count(accountKey(account, address), PER_ACCOUNT),
      this.#count(`address ${address}`, PER_ADDRESS),
    );
  }

  /** After a success the account's earlier slips from this address no longer count. */
  forgive(account: string, address: string): void {
    this.#windows.delete(accountKey(account, address));
  }

  #count(key: string, limit: Limit): number {
    const now = this.#clock.now();
    const window = this.#openWindow(key, now, limit);
    window.count += 1;
    return window.count > limit.tries ? window.endsAt - now : 0;
  }

  #openWindow(key: string, now: number, limit: Limit): Window {
    const old = this.#windows.get(key);
    if (old !== undefined && now < old.endsAt) return old;
    this.#windows.delete(key);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size >= MAX_WINDOWS && oldest !== undefined) this.#windows.delete(oldest);
    const fresh = { count: 0, endsAt: now + limit.windowMs };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

/** Hashed, because a name from a form may be of any length and may well be a password typed into the wrong field. */
function accountKey(account: string, address: string): string {
  return `account ${createHash('sha256').update(account).digest('base64')} ${address}`;
}
