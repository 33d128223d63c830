/** Lets works on one thing follow one another in the order of their coming; works on other things go on meanwhile. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Settles as the work does. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const own = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(key) === own) this.#last.delete(key);
    }
  }
}
