import type { Clock } from '../domain/ports.ts';

const MINUTES = 10;
const MINUTE_MS = 60_000;
/** Below the service's 10,000 calls in ten minutes for one application and mailbox (reference: graph.md 4.2). */
const MOST = 9_600;

/** Counts the calls of the last ten minutes and makes the next one wait when there were too many. */
export class CallWindow {
  static readonly LENGTH_MS = MINUTES * MINUTE_MS;
  readonly #clock: Clock;
  readonly #most: number;
  /** Calls by minute number; at most ten entries. */
  readonly #counts = new Map<number, number>();

  constructor(clock: Clock, most = MOST) {
    this.#clock = clock;
    this.#most = most;
  }

  async enter(): Promise<void> {
    while (this.#total() >= this.#most) await this.#clock.sleep(this.#untilNextMinute());
    const minute = this.#minute();
    this.#counts.set(minute, (this.#counts.get(minute) ?? 0) + 1);
  }

  #total(): number {
    const oldest = this.#minute() - MINUTES;
    let total = 0;
    for (const [minute, count] of this.#counts) {
      if (minute <= oldest) this.#counts.delete(minute);
      else total += count;
    }
    return total;
  }

  #minute(): number {
    return Math.floor(this.#clock.monotonicMs() / MINUTE_MS);
  }

  #untilNextMinute(): number {
    return MINUTE_MS - (this.#clock.monotonicMs() % MINUTE_MS);
  }
}
