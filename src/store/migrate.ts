import type { Database } from 'better-sqlite3';
import { AppError } from '../domain/app-error.ts';
import { SQL as INIT } from './migrations/0001-init.ts';
import { SQL as ARRANGEMENTS } from './migrations/0002-arrangements.ts';
import { SQL as KEYS } from './migrations/0003-keys.ts';
import { SQL as REMINDERS } from './migrations/0004-reminders.ts';
import { SQL as AUDIT } from './migrations/0005-audit.ts';
import { SQL as UPCOMING } from './migrations/0006-upcoming.ts';
import { SQL as FOLLOWED } from './migrations/0007-followed.ts';

/** In order; the position is the schema number. */
const MIGRATIONS: readonly string[] = [INIT, ARRANGEMENTS, KEYS, REMINDERS, AUDIT, UPCOMING, FOLLOWED];

/** Brings the schema up to date, each step in one transaction with its number. A newer schema is refused. */
export function migrate(database: Database): void {
  const current = Number(database.pragma('user_version', { simple: true }));
  if (current > MIGRATIONS.length) throw newerSchema(current);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < current) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

function newerSchema(current: number): AppError {
  return new AppError({
    code: 'invalid',
    reason: 'NEWER_SCHEMA',
    message: `The database was written by a newer version (schema ${current}, this program knows ${MIGRATIONS.length}). Install the newer version again or restore a backup.`,
  });
}
