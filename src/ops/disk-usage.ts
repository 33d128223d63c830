import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Measures } from '../domain/measures.ts';

/** Sizes of a SQLite database file and its log, and what is left on their volume. */
export function diskUsage(databaseFile: string): Measures['disk'] {
  return {
    databaseBytes: sizeOf(databaseFile),
    walBytes: sizeOf(`${databaseFile}-wal`),
    freeBytes: freeBytes(dirname(databaseFile)),
  };
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

/** What this user may still write; not every file system can tell. */
function freeBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
