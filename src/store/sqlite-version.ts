import Database from 'better-sqlite3';

/** Version of the SQLite inside the addon, e.g. `3.54.1`. */
export function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
