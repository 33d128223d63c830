import { GraphRefusal } from './graph-refusal.ts';

const MOST_AT_ONCE = 4;

/** Exchange serves four calls of one application to one mailbox at once; the fifth is refused (reference: graph.md 4.2). */
export class MailboxConcurrency {
  readonly #running = new Map<string, number>();

  /** Takes a place and returns how to give it back. Refuses with 429 when all are taken. */
  enter(app: string, mailbox: string): () => void {
    const key = `${app} ${mailbox}`;
    const running = this.#running.get(key) ?? 0;
    if (running >= MOST_AT_ONCE) {
      const message = 'Application is over its MailboxConcurrency limit.';
      throw new GraphRefusal(429, 'ApplicationThrottled', message, { headers: { 'Retry-After': '1' } });
    }
    this.#running.set(key, running + 1);
    return () => {
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left === 0) this.#running.delete(key);
      else this.#running.set(key, left);
    };
  }
}
