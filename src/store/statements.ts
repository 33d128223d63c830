import type { Database, Statement } from 'better-sqlite3';

export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

/** SQL by text, prepared once per connection. */
export class Statements {
  readonly #database: Database;
  readonly #prepared = new Map<string, Statement<unknown[], unknown>>();

  constructor(database: Database) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  one(sql: string, ...values: Value[]): Row | null {
    return (this.#prepare(sql).get(...values) as Row | undefined) ?? null;
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** Number of changed rows. */
  run(sql: string, ...values: Value[]): number {
    return this.#prepare(sql).run(...values).changes;
  }

  #prepare(sql: string): Statement<unknown[], unknown> {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

// STRICT tables give the declared types; these name them and refuse what a damaged file may hold.
export function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new TypeError(`column ${name} holds no text`);
  return value;
}

export function number(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw new TypeError(`column ${name} holds no number`);
  return value;
}

export function bytes(row: Row, name: string): Uint8Array {
  const value = row[name];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${name} holds no bytes`);
  return value;
}

export function orNull<T>(read: (row: Row, name: string) => T): (row: Row, name: string) => T | null {
  return (row, name) => (row[name] === null || row[name] === undefined ? null : read(row, name));
}

export const textOrNull = orNull(text);
export const numberOrNull = orNull(number);
export const bytesOrNull = orNull(bytes);

/** One of the words that the table's CHECK allows. */
export function word<T extends string>(row: Row, name: string): T {
  return text(row, name) as T;
}
