import type { Clock } from '../domain/ports.ts';

/** How many resets are remembered, so that none of them works a second time. */
const KEPT = 1_000;
/** How long resets may still arrive for messages that went out on a dropped channel. */
const ECHO_MS = 6_000;

/** Tells the resets that mean the present channel from those that are played again or come for what is dropped already. */
export class Resets {
  readonly #clock: Clock;
  readonly #seen = new Set<string>();
  #expected = 0;
  #expectedUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this reset is to be obeyed. The KMS makes a fresh id for each (reference: webex.md 2.4). */
  counts(requestId: string): boolean {
    if (this.#seen.has(requestId)) return false;
    this.#remember(requestId);
    if (this.#expected === 0 || this.#clock.monotonicMs() >= this.#expectedUntil) return true;
    this.#expected -= 1;
    return false;
  }

  /** So many messages on the channel that was just dropped may each be answered with a reset of its own. */
  expect(count: number): void {
    this.#expected = Math.max(0, count);
    this.#expectedUntil = this.#clock.monotonicMs() + ECHO_MS;
  }

  #remember(requestId: string): void {
    if (requestId === '') return;
    this.#seen.add(requestId);
    const [oldest] = this.#seen;
    if (this.#seen.size > KEPT && oldest !== undefined) this.#seen.delete(oldest);
  }
}
