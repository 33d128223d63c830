import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A named collection of JSON documents, held in memory and written through to disk inside the current transaction. */
export interface Table<T> {
  get(id: string): T | undefined;
  put(id: string, value: T): void;
  delete(id: string): void;
  /** In the order of first insertion. */
  all(): T[];
  readonly size: number;
}

/** The simulated cloud's state: survives the death of the process at any instant (no power-loss promise). */
export class Disk {
  readonly #database: DatabaseSync;
  readonly #tables = new Map<string, Table<unknown>>();
  #depth = 0;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(join(directory, 'cloud.db'));
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;');
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS documents (name TEXT, id TEXT, json TEXT NOT NULL, PRIMARY KEY (name, id)) STRICT',
    );
  }

  /** The same name always gives the same table. */
  table<T>(name: string): Table<T> {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = this.#load(name);
      this.#tables.set(name, table);
    }
    return table as Table<T>;
  }

  /**
   * All documents put inside are on disk together or not at all. Nested calls join the outer one. The work must not await. An
   * exception rolls the disk back but not the memory: it means a bug in the simulator, and the process should die of it.
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#depth = 1;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
  }

  close(): void {
    this.#database.close();
  }

  #load(name: string): Table<unknown> {
    const rows = this.#database
      .prepare('SELECT id, json FROM documents WHERE name = ? ORDER BY rowid')
      .all(name);
    const memory = new Map<string, unknown>(
      rows.map((row) => [String(row.id), JSON.parse(String(row.json))]),
    );
    const upsert = this.#database.prepare(
      'INSERT INTO documents (name, id, json) VALUES (?, ?, ?) ON CONFLICT (name, id) DO UPDATE SET json = excluded.json',
    );
    const remove = this.#database.prepare('DELETE FROM documents WHERE name = ? AND id = ?');
    return {
      get: (id) => memory.get(id),
      put: (id, value) => {
        upsert.run(name, id, JSON.stringify(value));
        memory.set(id, value);
      },
      delete: (id) => {
        remove.run(name, id);
        memory.delete(id);
      },
      all: () => [...memory.values()],
      get size() {
        return memory.size;
      },
    };
  }
}
