import type { Context } from 'hono';
import { type SetupProblem, setupPage } from '../../views/setup.ts';
import type { Clock, Random } from '../domain/ports.ts';
import { isAdminName } from './admin-name.ts';
import { ASSET_PATHS } from './assets.ts';
import { readForm } from './form.ts';
import { hashPassword, isAcceptablePassword, tellsItself } from './password.ts';
import type { Sessions } from './sessions.ts';
import type { SetupLinks } from './setup-links.ts';
import { SignInLimits } from './sign-in-limits.ts';

export interface SetupDeps {
  /** The installation is a laboratory; the page says so. */
  readonly lab: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly setupLinks: SetupLinks;
  /** An administrator was made, or got a new password: what was begun with the old one must end. */
  passwordSet(name: string): void;
  /** Told of every attempt and where it came from, for the log, the counters and the audit log. */
  setupLink(result: 'used' | 'refused' | 'limited', from: string): void;
}

interface Answers {
  /** Remote address of who answers. */
  readonly from: string;
  readonly code: string;
  readonly name: string;
  readonly password: string;
  readonly again: string;
}

const STATUS: Readonly<Record<SetupProblem, 400 | 403 | 429>> = {
  link: 403,
  limited: 429,
  name: 400,
  short: 400,
  weak: 400,
  mismatch: 400,
};

/** The page behind a one-time set-up link: an administrator chooses name and password and is signed in. */
export class Setup {
  readonly #deps: SetupDeps;
  readonly #sessions: Sessions;
  readonly #limits: SignInLimits;

  constructor(deps: SetupDeps, sessions: Sessions) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#limits = new SignInLimits(deps.clock);
  }

  /** Says nothing of whether a link stands: the code is behind the # of the address and never sent with it. */
  show(c: Context): Response | Promise<Response> {
    const { lab } = this.#deps;
    return c.html(setupPage({ assets: ASSET_PATHS, lab, problem: null, waitMs: 0, code: '', name: '' }));
  }

  async submit(c: Context, address: string): Promise<Response> {
    const form = await readForm(c);
    if (form === null) return c.body(null, 413);
    const answers = answersOf(form, address);
    const waitMs = this.#limits.tryNow('', address);
    if (waitMs > 0) return this.#refuse(c, 'limited', answers, waitMs);
    if (!this.#deps.setupLinks.isGood(answers.code)) return this.#refuse(c, 'link', answers, 0);
    this.#limits.forgive('', address);
    const problem = problemOf(answers);
    return problem === null ? this.#finish(c, answers) : this.#refuse(c, problem, answers, 0);
  }

  async #finish(c: Context, answers: Answers): Promise<Response> {
    const { random, setupLinks } = this.#deps;
    const hash = await hashPassword(answers.password, random);
    if (!setupLinks.redeem(answers.code, answers.name, hash, answers.from))
      return this.#refuse(c, 'link', answers, 0);
    this.#deps.passwordSet(answers.name);
    this.#sessions.start(c, answers.name);
    this.#deps.setupLink('used', answers.from);
    return c.redirect('/', 303);
  }

  #refuse(c: Context, problem: SetupProblem, answers: Answers, waitMs: number): Response | Promise<Response> {
    if (problem === 'link') this.#deps.setupLink('refused', answers.from);
    if (problem === 'limited') this.#deps.setupLink('limited', answers.from);
    if (waitMs > 0) c.header('retry-after', String(Math.ceil(waitMs / 1000)));
    c.status(STATUS[problem]);
    const code = problem === 'link' ? '' : answers.code;
    const { lab } = this.#deps;
    return c.html(setupPage({ assets: ASSET_PATHS, lab, problem, waitMs, code, name: answers.name }));
  }
}

function answersOf(form: URLSearchParams, from: string): Answers {
  const field = (name: string): string => form.get(name) ?? '';
  return {
    from,
    code: field('code').trim(),
    name: field('name').trim(),
    password: field('password'),
    again: field('again'),
  };
}

function problemOf({ name, password, again }: Answers): SetupProblem | null {
  if (!isAdminName(name)) return 'name';
  if (!isAcceptablePassword(password)) return 'short';
  if (tellsItself(password, name)) return 'weak';
  return password === again ? null : 'mismatch';
}
