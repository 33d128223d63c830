import type { Statements } from './statements.ts';

/**
 * Rows of a table that is read all the time and hardly ever written, kept in memory from one write to the next. Inside a
 * transaction the table itself is asked, so that nothing is kept that may still be rolled back.
 */
export class KeptRows<T> {
  readonly #statements: Statements;
  readonly #limit: number;
  readonly #rows = new Map<string, T>();

  constructor(statements: Statements, limit: number) {
    this.#statements = statements;
    this.#limit = limit;
  }

  /** What is not there is not kept either: strangers can not fill the memory by asking. */
  get(id: string, read: () => T | null): T | null {
    if (this.#statements.inTransaction) return read();
    const kept = this.#rows.get(id);
    if (kept !== undefined) return kept;
    const row = read();
    if (this.#rows.size >= this.#limit) this.#rows.clear();
    if (row !== null) this.#rows.set(id, row);
    return row;
  }

  /** To be called with every write to the table. */
  forget(): void {
    this.#rows.clear();
  }
}
