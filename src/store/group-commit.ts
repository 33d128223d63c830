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

export interface Transactions {
  /** All works in one transaction. */
  all(work: (writer: Writer) => void): void;
  /** A transaction inside the running one: a failing work rolls back alone. Throws what the work threw. */
  nested(work: () => unknown): unknown;
  /** False when an error has ended the whole transaction. */
  readonly open: boolean;
}

/** Many small works share one commit, and so one wait for the disk; each stands or falls alone (design D10). */
export class GroupCommit {
  readonly #transactions: Transactions;
  #waiting: Entry[] = [];

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
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
    if (entries.length === 0) return;
    this.#waiting = [];
    // A savepoint for each would cost a third more; they are only needed when one of the works fails.
    const settled = this.#plainly(entries) ?? this.#guarded(entries);
    for (const settle of settled) settle();
  }

  // As long as every turn of the event loop brings more, the next one may too: one commit for all of them is cheaper for all.
  #gather(seen: number, turns: number): void {
    setImmediate(() => {
      if (this.#waiting.length > seen && turns > 0) this.#gather(this.#waiting.length, turns - 1);
      else this.flush();
    });
  }

  /** Null when nothing was committed because a work or the commit failed. */
  #plainly(entries: readonly Entry[]): (() => void)[] | null {
    const values: unknown[] = [];
    try {
      this.#transactions.all((writer) => {
        for (const entry of entries) values.push(entry.work(writer));
      });
    } catch (error) {
      // Whoever waited for the lock once need not wait again for each of the works.
      return isLocked(error) ? entries.map((entry) => () => entry.reject(error)) : null;
    }
    return entries.map((entry, at) => () => entry.resolve(values[at]));
  }

  #guarded(entries: readonly Entry[]): (() => void)[] {
    const settled: (() => void)[] = [];
    try {
      this.#transactions.all((writer) => {
        for (const entry of entries) settled.push(this.#one(entry, writer));
      });
      return settled;
    } catch (error) {
      return entries.map((entry) => () => entry.reject(error));
    }
  }

  #one(entry: Entry, writer: Writer): () => void {
    try {
      const value = this.#transactions.nested(() => entry.work(writer));
      return () => entry.resolve(value);
    } catch (error) {
      if (!this.#transactions.open) throw error;
      return () => entry.reject(error);
    }
  }
}
