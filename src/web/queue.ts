/** One piece of work at a time in order of arrival; a full queue refuses. */
export class Queue {
  readonly #limit: number;
  #waiting = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Null when the queue is full, else the promise of the work. */
  enter<T>(work: () => Promise<T>): Promise<T> | null {
    if (this.#waiting >= this.#limit) return null;
    this.#waiting += 1;
    const run = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }
}
