import { NOBODYS_HASH, verifyPassword } from './password.ts';
import { Queue } from './queue.ts';
import type { SignInLimits } from './sign-in-limits.ts';

/** Each check takes 64 MiB: one at a time, and a flood is turned away. */
const MAX_WAITING_CHECKS = 30;
const QUEUE_FULL_MS = 1000;

export interface AdminRecord {
  readonly name: string;
  /** PHC string of argon2id. */
  readonly passwordHash: string;
}

export type CheckedPassword =
  | { readonly kind: 'right'; readonly admin: AdminRecord }
  | { readonly kind: 'wrong' }
  /** Not looked at: there were too many tries. */
  | { readonly kind: 'limited'; readonly waitMs: number };

/** Whether a name and a password belong together. The same work whether the name or the password was wrong. */
export class PasswordCheck {
  readonly #find: (name: string) => AdminRecord | null;
  readonly #limits: SignInLimits;
  readonly #checks = new Queue(MAX_WAITING_CHECKS);

  constructor(find: (name: string) => AdminRecord | null, limits: SignInLimits) {
    this.#find = find;
    this.#limits = limits;
  }

  /** `from` is where the try comes from; tries are counted by it. */
  async try(name: string, password: string, from: string): Promise<CheckedPassword> {
    const waitMs = this.#limits.tryNow(name, from);
    if (waitMs > 0) return { kind: 'limited', waitMs };
    const checked = this.#checks.enter(() => this.#check(name, password));
    if (checked === null) return { kind: 'limited', waitMs: QUEUE_FULL_MS };
    const admin = await checked;
    if (admin === null) return { kind: 'wrong' };
    this.#limits.forgive(name, from);
    return { kind: 'right', admin };
  }

  async #check(name: string, password: string): Promise<AdminRecord | null> {
    const admin = this.#find(name);
    const right = await verifyPassword(password, admin?.passwordHash ?? NOBODYS_HASH);
    return right ? admin : null;
  }
}
