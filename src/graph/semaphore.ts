/** Lets a bounded number of calls run at a time; the others wait in the order of their coming. */
export class Semaphore {
  #places: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  get places(): number {
    return this.#places;
  }

  /** True when nothing runs or waits. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /** Fewer places take effect as running calls end, more at once. */
  resize(places: number): void {
    this.#places = places;
    while (this.#running < this.#places && this.#admitNext());
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#running < this.#places) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      this.#running -= 1;
      // The place goes straight to the next one, so that nobody can slip in between.
      if (this.#running < this.#places) this.#admitNext();
    }
  }

  #admitNext(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    this.#running += 1;
    next();
    return true;
  }
}
