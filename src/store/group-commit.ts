import type { Database } from 'better-sqlite3';
import type { Writer } from '../domain/store-port.ts';

const MOST_TOGETHER = 200;

interface Entry {
  readonly work: (writer: Writer) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Many small works share one commit, and so one wait for the disk; each stands or falls alone (design D10). */
export class GroupCommit {
  readonly #database: Database;
  readonly #write: (work: (writer: Writer) => void) => void;
  #waiting: Entry[] = [];

  constructor(database: Database, write: (work: (writer: Writer) => void) => void) {
    this.#database = database;
    this.#write = write;
  }

  /** Settles after the common commit. Works of one turn of the event loop go together. */
  add<T>(work: (writer: Writer) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (value: unknown): void => resolve(value as T);
      if (this.#waiting.push({ work, resolve: settle, reject }) === 1) setImmediate(() => this.flush());
      if (this.#waiting.length >= MOST_TOGETHER) this.flush();
    });
  }

  flush(): void {
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    const settled: (() => void)[] = [];
    try {
      this.#write((writer) => {
        for (const entry of entries) settled.push(this.#one(entry, writer));
      });
    } catch (error) {
      for (const entry of entries) entry.reject(error);
      return;
    }
    for (const settle of settled) settle();
  }

  // A transaction inside a transaction is a savepoint: a failing work rolls back alone.
  #one(entry: Entry, writer: Writer): () => void {
    try {
      const value = this.#database.transaction(() => entry.work(writer))();
      return () => entry.resolve(value);
    } catch (error) {
      if (!this.#database.inTransaction) throw error;
      return () => entry.reject(error);
    }
  }
}
