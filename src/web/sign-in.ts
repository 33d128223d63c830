import type { Context } from 'hono';
import { type SignInProblem, signInPage } from '../../views/sign-in.ts';
import { ASSET_PATHS } from './assets.ts';
import { readForm } from './form.ts';
import { NOBODYS_HASH, verifyPassword } from './password.ts';
import { Queue } from './queue.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';

/** Each check takes 64 MiB: one at a time, and a flood is turned away. */
const MAX_WAITING_CHECKS = 30;
const NAME_FIELD = 'name';
const PASSWORD_FIELD = 'password';

export type SignInResult = 'success' | 'failure' | 'limited';

export interface AdminRecord {
  readonly name: string;
  /** PHC string of argon2id. */
  readonly passwordHash: string;
}

export interface SignInAttempt {
  /** Null when no administrator is called so: what was typed is not passed on, it may be a password in the wrong field. */
  readonly admin: string | null;
  readonly from: string;
}

export interface SignInDeps {
  readonly admins: { find(name: string): AdminRecord | null; any(): boolean };
  /** Told of every attempt, for the log, the counters and the audit log, before it is answered. */
  signedIn(result: SignInResult, attempt: SignInAttempt): void;
}

/** Answers the sign-in form. The same text and the same work whether the name or the password was wrong. */
export class SignIn {
  readonly #deps: SignInDeps;
  readonly #sessions: Sessions;
  readonly #limits: SignInLimits;
  readonly #checks = new Queue(MAX_WAITING_CHECKS);

  constructor(deps: SignInDeps, sessions: Sessions, limits: SignInLimits) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#limits = limits;
  }

  async submit(c: Context, address: string): Promise<Response> {
    const form = await readForm(c);
    if (form === null) return c.body(null, 413);
    const name = form.get(NAME_FIELD) ?? '';
    const waitMs = this.#limits.tryNow(name, address);
    const attempt = { admin: this.#deps.admins.find(name)?.name ?? null, from: address };
    if (waitMs > 0) return this.#refuse(c, 'limited', attempt, waitMs);
    const checked = this.#checks.enter(() => this.#check(name, form.get(PASSWORD_FIELD) ?? ''));
    if (checked === null) return this.#refuse(c, 'limited', attempt, 1000);
    const admin = await checked;
    if (admin === null) return this.#refuse(c, 'failure', attempt, 0);
    this.#limits.forgive(name, address);
    this.#sessions.start(c, admin.name);
    this.#deps.signedIn('success', attempt);
    return c.redirect('/', 303);
  }

  async #check(name: string, password: string): Promise<AdminRecord | null> {
    const admin = this.#deps.admins.find(name);
    const right = await verifyPassword(password, admin?.passwordHash ?? NOBODYS_HASH);
    return right ? admin : null;
  }

  #refuse(
    c: Context,
    result: SignInProblem,
    attempt: SignInAttempt,
    waitMs: number,
  ): Response | Promise<Response> {
    this.#deps.signedIn(result, attempt);
    if (waitMs > 0) c.header('retry-after', String(Math.ceil(waitMs / 1000)));
    c.status(result === 'failure' ? 401 : 429);
    return c.html(signInPage({ assets: ASSET_PATHS, problem: result, waitMs, noAdmin: false }));
  }
}
