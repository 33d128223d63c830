import type { Clock } from '../domain/ports.ts';
import { CallWindow } from './call-window.ts';
import { Semaphore } from './semaphore.ts';

const TENANT_START = 4;
const TENANT_MOST = 16;
const QUIET_MS = 60_000;
const PER_MAILBOX = 3;

interface MailboxPlaces {
  readonly semaphore: Semaphore;
  readonly window: CallWindow;
  usedAt: number;
}

/**
 * Exchange refuses more than four parallel calls to one mailbox; the tenant has a bound of its own that nobody publishes: it is
 * felt out, one more parallel call for every quiet minute and half of them after a 429 (reference: graph.md 4.2, 4.3).
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #tenant = new Semaphore(TENANT_START);
  readonly #mailboxes = new Map<string, MailboxPlaces>();
  #calmSince: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#calmSince = clock.monotonicMs();
  }

  /** How many calls of the tenant may run at a time now. */
  get places(): number {
    return this.#tenant.places;
  }

  /** Runs the call when both a place of its mailbox and one of the tenant are free; first come, first served. */
  async run<T>(mailbox: string | null, call: () => Promise<T>): Promise<T> {
    this.#grow();
    if (mailbox === null) return await this.#tenant.run(call);
    const places = this.#placesOf(mailbox);
    // The mailbox first: a call that waits for its mailbox must not hold a place of the tenant.
    return await places.semaphore.run(async () => {
      await places.window.enter();
      return await this.#tenant.run(call);
    });
  }

  /** The service asked to slow down. */
  throttled(): void {
    this.#calmSince = this.#clock.monotonicMs();
    this.#tenant.resize(Math.max(1, Math.floor(this.#tenant.places / 2)));
  }

  #grow(): void {
    const now = this.#clock.monotonicMs();
    if (now - this.#calmSince < QUIET_MS || this.#tenant.places >= TENANT_MOST) return;
    this.#calmSince = now;
    this.#tenant.resize(this.#tenant.places + 1);
  }

  #placesOf(mailbox: string): MailboxPlaces {
    const now = this.#clock.monotonicMs();
    const known = this.#mailboxes.get(mailbox);
    if (known !== undefined) {
      known.usedAt = now;
      return known;
    }
    this.#forgetIdle(now);
    const made = { semaphore: new Semaphore(PER_MAILBOX), window: new CallWindow(this.#clock), usedAt: now };
    this.#mailboxes.set(mailbox, made);
    return made;
  }

  /** A mailbox whose window has run empty needs no memory. The map is in order of first use, so a look at its head is enough. */
  #forgetIdle(now: number): void {
    for (const [mailbox, places] of this.#mailboxes) {
      if (!places.semaphore.idle || now - places.usedAt < CallWindow.LENGTH_MS) return;
      this.#mailboxes.delete(mailbox);
    }
  }
}
