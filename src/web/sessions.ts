import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Clock, Random } from '../domain/ports.ts';
import type { SessionRow } from '../domain/rows.ts';

const COOKIE = '__Host-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const TOKEN_BYTES = 32;
const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
/** A write per click is waste; a session is at most this much older than it says. */
const TOUCH_EVERY_MS = 60_000;

/** Where sessions are kept: only hashes of their tokens, so that a stolen file opens nothing. */
export interface SessionStore {
  get(tokenHash: Uint8Array): SessionRow | null;
  put(row: SessionRow): void;
  touch(tokenHash: Uint8Array, now: number): void;
  delete(tokenHash: Uint8Array): void;
}

/** A session as it stands without further use. */
export interface StandingSession {
  readonly tokenHash: Uint8Array;
  readonly admin: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export interface SessionsDeps {
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** The sessions of the admin listener: random reference tokens, 30 minutes idle and 12 hours in all. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ended: (tokenHash: Uint8Array) => void;

  /** `ended` is told of each session that a sign-out or a new sign-in ends. */
  constructor(deps: SessionsDeps, ended: (tokenHash: Uint8Array) => void) {
    this.#store = deps.sessions;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#ended = ended;
  }

  /** A new token for each sign-in; the one the browser came with dies. */
  start(c: Context, admin: string): void {
    this.#drop(c);
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url');
    const now = this.#clock.now();
    this.#store.put({ tokenHash: hashOf(token), admin, createdAt: now, lastSeenAt: now });
    c.header('set-cookie', `${COOKIE}=${token}; ${ATTRIBUTES}`);
  }

  /** Who is signed in, or null. `active` is false for what a page asks for by itself: that must not keep a session alive. */
  current(c: Context, active: boolean): string | null {
    const tokenHash = tokenHashOf(c);
    const row = tokenHash === null ? null : this.#living(tokenHash);
    if (row === null) return null;
    const now = this.#clock.now();
    if (active && now - row.lastSeenAt >= TOUCH_EVERY_MS) this.#store.touch(row.tokenHash, now);
    return row.admin;
  }

  /** The session of a request, not kept alive by it; null when there is none. */
  standing(c: Context): StandingSession | null {
    const tokenHash = tokenHashOf(c);
    return tokenHash === null ? null : this.look(tokenHash);
  }

  /** The same by the hash of its token. */
  look(tokenHash: Uint8Array): StandingSession | null {
    const row = this.#living(tokenHash);
    return row === null ? null : { tokenHash, admin: row.admin, endsAt: endOf(row) };
  }

  end(c: Context): void {
    this.#drop(c);
    c.header('set-cookie', `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
  }

  #living(tokenHash: Uint8Array): SessionRow | null {
    const row = this.#store.get(tokenHash);
    if (row === null || this.#clock.now() < endOf(row)) return row;
    this.#store.delete(row.tokenHash);
    return null;
  }

  #drop(c: Context): void {
    const tokenHash = tokenHashOf(c);
    if (tokenHash === null) return;
    this.#store.delete(tokenHash);
    this.#ended(tokenHash);
  }
}

function endOf(row: SessionRow): number {
  return Math.min(row.createdAt + ABSOLUTE_MS, row.lastSeenAt + IDLE_MS);
}

function tokenHashOf(c: Context): Uint8Array | null {
  const token = getCookie(c, COOKIE);
  return token === undefined || token === '' ? null : hashOf(token);
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
