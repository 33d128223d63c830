import type { Context } from 'hono';
import { type SignInProblem, signInPage } from '../../views/sign-in.ts';
import { ASSET_PATHS } from './assets.ts';
import { readForm } from './form.ts';
import { type AdminRecord, PasswordCheck } from './password-check.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';

const NAME_FIELD = 'name';
const PASSWORD_FIELD = 'password';

export type SignInResult = 'success' | 'failure' | 'limited';

export interface SignInAttempt {
  /** Null when no administrator is called so: what was typed is not passed on, it may be a password in the wrong field. */
  readonly admin: string | null;
  readonly from: string;
}

export interface SignInDeps {
  /** The installation is a laboratory; the page says so. */
  readonly lab: boolean;
  readonly admins: { find(name: string): AdminRecord | null; any(): boolean };
  /** Told of every attempt, for the log, the counters and the audit log, before it is answered. */
  signedIn(result: SignInResult, attempt: SignInAttempt): void;
}

/** Answers the sign-in form. The same text and the same work whether the name or the password was wrong. */
export class SignIn {
  readonly #deps: SignInDeps;
  readonly #sessions: Sessions;
  readonly #passwords: PasswordCheck;

  constructor(deps: SignInDeps, sessions: Sessions, limits: SignInLimits) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#passwords = new PasswordCheck((name) => deps.admins.find(name), limits);
  }

  async submit(c: Context, address: string): Promise<Response> {
    const form = await readForm(c);
    if (form === null) return c.body(null, 413);
    const name = form.get(NAME_FIELD) ?? '';
    const attempt = { admin: this.#deps.admins.find(name)?.name ?? null, from: address };
    const checked = await this.#passwords.try(name, form.get(PASSWORD_FIELD) ?? '', address);
    if (checked.kind === 'limited') return this.#refuse(c, 'limited', attempt, checked.waitMs);
    if (checked.kind === 'wrong') return this.#refuse(c, 'failure', attempt, 0);
    this.#sessions.start(c, checked.admin.name);
    this.#deps.signedIn('success', attempt);
    return c.redirect('/', 303);
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
    return c.html(
      signInPage({ assets: ASSET_PATHS, lab: this.#deps.lab, problem: result, waitMs, noAdmin: false }),
    );
  }
}
