import type { Clock } from '../domain/ports.ts';
import type { PatientWrites } from './patient-writes.ts';

/** Smaller corrections of the clock do no harm. */
const SET_BACK_MS = 5_000;

/** Sees that the clock was set back: what was put off by one that ran ahead must not wait until that time comes again. */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #writes: PatientWrites;
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, writes: PatientWrites) {
    this.#clock = clock;
    this.#writes = writes;
  }

  /** Compares with the last look; what can't be written is left to the next one. */
  async look(): Promise<void> {
    const [from, to] = [this.#seenAt, this.#clock.now()];
    const isFollowed = from - to < SET_BACK_MS || (await this.#follow(from, to));
    if (isFollowed) this.#seenAt = to;
  }

  #follow(from: number, to: number): Promise<boolean> {
    const written = this.#writes.once((w) => w.setBack(from, to));
    return written.then(
      () => true,
      () => false,
    );
  }
}
