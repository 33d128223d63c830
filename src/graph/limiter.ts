import { Semaphore } from './semaphore.ts';

const PER_TENANT = 16;
const PER_MAILBOX = 3;

/** Exchange refuses more than four parallel calls to one mailbox; the tenant has a bound of its own (graph.md 4.2, 4.3). */
export class Limiter {
  readonly #tenant = new Semaphore(PER_TENANT);
  readonly #mailboxes = new Map<string, Semaphore>();

  /** Runs the call when both a place of its mailbox and one of the tenant are free; first come, first served. */
  async run<T>(mailbox: string | null, call: () => Promise<T>): Promise<T> {
    if (mailbox === null) return await this.#tenant.run(call);
    const ofMailbox = this.#mailboxes.get(mailbox) ?? new Semaphore(PER_MAILBOX);
    this.#mailboxes.set(mailbox, ofMailbox);
    try {
      // The mailbox first: a call that waits for its mailbox must not hold a place of the tenant.
      return await ofMailbox.run(() => this.#tenant.run(call));
    } finally {
      if (ofMailbox.idle) this.#mailboxes.delete(mailbox);
    }
  }
}
