/** Lets a bounded number of calls run at a time; the others wait in the order of their coming. */
export class Semaphore {
  #free: number;
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
    this.#free = places;
  }

  /** True when nothing runs or waits. */
  get idle(): boolean {
    return this.#free === this.#places;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      // The place goes straight to the next one, so that nobody can slip in between.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
