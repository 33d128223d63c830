import Database from 'better-sqlite3';
import { AppError } from '../domain/app-error.ts';

/**
 * How long a write waits for another program that holds the database locked, in milliseconds. The whole process waits with it, so
 * that it must be far below the ten seconds in which Graph's handshake has to be answered (reference: graph.md 2.2).
 */
export const PATIENCE_MS = 500;

/** What a transaction threw, in the appliance's words when another program was in the way; null for anything else. */
export function lockedByOther(thrown: unknown): AppError | null {
  if (!(thrown instanceof Database.SqliteError) || !thrown.code.startsWith('SQLITE_BUSY')) return null;
  return new AppError({
    code: 'unavailable',
    reason: 'DATABASE_LOCKED',
    message:
      'Another program holds the database in store.data_dir locked: end it. Nothing is lost meanwhile.',
    cause: thrown,
  });
}

export function isLocked(error: unknown): boolean {
  return error instanceof AppError && error.reason === 'DATABASE_LOCKED';
}
