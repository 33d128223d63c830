import { z } from 'zod';
import { type AppError, asAppError } from '../domain/app-error.ts';
import type { TokenKeeper } from '../domain/ports.ts';
import { refreshDueAt, type TokenPair } from '../domain/token-life.ts';
import { callWebex, type WebexApiDeps, webexUrl } from './rest.ts';
import { REFRESH_REFUSED, refreshToken, type ServiceApp } from './token-refresh.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BACK_OFF_BASE_MS = 5_000;
const BACK_OFF_CAP_MS = 60 * MINUTE_MS;
/** Webex may refuse for other reasons than the token's age; it is not asked for one new token after the other. */
const REFUSAL_REST_MS = MINUTE_MS;
/** Whatever was said, it is looked again. */
const LOOK_EVERY_MS = DAY_MS;
const EXPIRY = z.object({ exp: z.number().positive() });

export interface Refreshing {
  readonly app: ServiceApp;
  /** The refresh token that the administrator gave. */
  readonly given: () => string;
  readonly keeper: TokenKeeper;
}

export interface AccessTokenDeps extends Omit<WebexApiDeps, 'token' | 'refused'> {
  /** The access token that the administrator gave. */
  readonly given: () => string;
  /** Null: the given token is used until it ends, and nobody but the administrator can replace it. */
  readonly refreshing: Refreshing | null;
  /** Told of what fails in the background; it goes on trying all the same. */
  readonly fault?: (error: AppError) => void;
  /** Told when Webex gave what it was asked for here. */
  readonly answered?: () => void;
}

/** The access token of the service app, kept fresh for as long as the appliance runs. */
export class AccessToken {
  readonly #deps: AccessTokenDeps;
  readonly #closing = new AbortController();
  #pair: TokenPair | null;
  #endsAt: number | null;
  #failures = 0;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #wake = new AbortController();
  #wanted = false;
  #loop: Promise<void> | null = null;

  constructor(deps: AccessTokenDeps) {
    this.#deps = deps;
    this.#pair = deps.refreshing?.keeper.load() ?? null;
    this.#endsAt = this.#pair?.refreshEndsAt ?? null;
  }

  token(): string {
    return this.#pair?.accessToken ?? this.#deps.given();
  }

  /**
   * When the appliance is shut out of Webex unless the administrator acts, in epoch milliseconds: the end of the refresh token, or
   * of the access token when nothing can be refreshed (any more). Null when that is not known.
   */
  endsAt(): number | null {
    return this.#endsAt;
  }

  /** Webex did not take the token: it may have been withdrawn before its time. */
  refused(): void {
    const rested = this.#deps.clock.now() - this.#refreshedAt >= REFUSAL_REST_MS;
    if (this.#deps.refreshing === null || !rested) return;
    this.#wanted = true;
    this.#wake.abort();
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const waitMs = await this.#step().catch((thrown: unknown) => this.#backOff(asAppError(thrown)));
      this.#wake = new AbortController();
      // Whoever wanted a new token meanwhile does not wait for the next look.
      if (!signal.aborted && !this.#wanted) await this.#deps.clock.sleep(waitMs, this.#wake.signal);
    }
  }

  /** Does what is due; the milliseconds until something may be due again. */
  async #step(): Promise<number> {
    const { refreshing, clock } = this.#deps;
    if (refreshing === null) this.#endsAt = await this.#endOfAccess();
    else if (this.#refreshDueAt() <= clock.now() || this.#wanted) await this.#refresh(refreshing);
    this.#failures = 0;
    return Math.min(LOOK_EVERY_MS, refreshing === null ? LOOK_EVERY_MS : this.#refreshDueAt() - clock.now());
  }

  #refreshDueAt(): number {
    return this.#pair === null ? Number.NEGATIVE_INFINITY : refreshDueAt(this.#pair);
  }

  async #refresh({ app, given, keeper }: Refreshing): Promise<void> {
    this.#wanted = false;
    this.#refreshedAt = this.#deps.clock.now();
    const pair = await refreshToken(this.#deps, app, this.#pair?.refreshToken ?? given());
    this.#deps.answered?.();
    // Kept before it is used: Webex may have withdrawn the refresh token that it replaces.
    keeper.save(pair);
    this.#pair = pair;
    this.#endsAt = pair.refreshEndsAt;
  }

  /** Null when Webex does not tell. */
  async #endOfAccess(): Promise<number | null> {
    const url = webexUrl(this.#deps.apiUrl, ['authorizations', 'tokenExpiry']);
    const rest = { ...this.#deps, token: () => this.token() };
    const { status, json } = await callWebex(rest, { method: 'GET', url, expect: [403, 404] });
    if (status < 400) this.#deps.answered?.();
    return status >= 400 ? null : (EXPIRY.safeParse(json).data?.exp ?? null);
  }

  /** The milliseconds until it is tried again. */
  async #backOff(error: AppError): Promise<number> {
    this.#deps.fault?.(error);
    // From now on it is the access token's end that counts.
    if (error.reason === REFRESH_REFUSED)
      this.#endsAt = this.#pair?.accessEndsAt ?? (await this.#endOfAccess().catch(() => null));
    this.#failures += 1;
    const grown = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** Math.min(20, this.#failures - 1));
    return Math.max(error.retryAfterMs ?? 0, grown * (0.5 + this.#deps.random.unit() / 2));
  }
}
