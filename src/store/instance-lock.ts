import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../domain/app-error.ts';

/**
 * One instance per data directory: a file held locked for as long as the process lives. The kernel frees it with the process,
 * also by SIGKILL. Returns the release. Throws AppError ALREADY_RUNNING.
 */
export function lockInstance(dataDir: string): () => void {
  const path = join(dataDir, 'instance.lock');
  closeSync(openSync(path, 'a', 0o600));
  const holder = new Database(path, { timeout: 0 });
  try {
    holder.pragma('locking_mode = EXCLUSIVE');
    holder.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    holder.close();
    const message = `Another instance is already running on the data directory ${dataDir}.`;
    throw new AppError({ code: 'conflict', reason: 'ALREADY_RUNNING', message, cause });
  }
  return () => holder.close();
}
