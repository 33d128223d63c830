import type { Writer } from '../domain/store-port.ts';
import { isLocked } from './locked.ts';

const MOST_TOGETHER = 200;
/** Turns of the event loop that a group waits for more at most; each is a fraction of a millisecond. */
const MOST_TURNS = 20;

interface Entry {
  readonly work: (writer: Writer) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Many small works share one commit, and so one wait for the disk; each stands or falls alone (design D10). */
export class GroupCommit {
  readonly #write: <T>(work: (writer: Writer) => T) => T;
  #waiting: Entry[] = [];

  /** `write` runs one transaction; it throws when nothing of it was committed. */
  constructor(write: <T>(work: (writer: Writer) => T) => T) {
    this.#write = write;
  }

  /** Settles after the common commit. */
  add<T>(work: (writer: Writer) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (value: unknown): void => resolve(value as T);
      if (this.#waiting.push({ work, resolve: settle, reject }) === 1) this.#gather(0, MOST_TURNS);
      if (this.#waiting.length >= MOST_TOGETHER) this.flush();
    });
  }

  flush(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    if (entries.length === 0 || this.#together(entries)) return;
    // One of them failed, which hardly ever happens: each on its own then, for a savepoint each time would cost a third more.
    for (const entry of entries) this.#alone(entry);
  }

  // As long as every turn of the event loop brings more, the next one may too: one commit for all of them is cheaper for all.
  #gather(seen: number, turns: number): void {
    setImmediate(() => {
      if (this.#waiting.length > seen && turns > 0) this.#gather(this.#waiting.length, turns - 1);
      else this.flush();
    });
  }

  /** False when nothing was committed, and each may be on its own. */
  #together(entries: readonly Entry[]): boolean {
    try {
      const values = this.#write((writer) => entries.map((entry) => entry.work(writer)));
      for (const [at, entry] of entries.entries()) entry.resolve(values[at]);
      return true;
    } catch (error) {
      if (!isLocked(error)) return false;
      // Whoever waited for the lock once need not wait again for each of the works.
      for (const entry of entries) entry.reject(error);
      return true;
    }
  }

  #alone(entry: Entry): void {
    try {
      entry.resolve(this.#write(entry.work));
    } catch (error) {
      entry.reject(error);
    }
  }
}
