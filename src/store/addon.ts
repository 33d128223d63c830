import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';

/**
 * Loads the native addon that the single file carries in itself. The loader of the system takes files only: the bytes go to a
 * file that lost its name, in a directory of our own (0700) that is gone again, before the first byte was written. So nobody
 * can put another file in its place, and whenever the process is killed nothing is left. Once a process. Throws
 * AppError ADDON_NOT_LOADED.
 */
export function loadAddon(bytes: Uint8Array, temporaryDirectory: string): unknown {
  try {
    const file = openNameless(temporaryDirectory);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      const loaded = { exports: {} };
      process.dlopen(loaded, `/proc/self/fd/${file}`);
      return loaded.exports;
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw notLoaded(temporaryDirectory, cause);
  }
}

function openNameless(temporaryDirectory: string): number {
  const directory = mkdtempSync(join(temporaryDirectory, 'hybrid-calendar-addon-'));
  try {
    return openSync(join(directory, 'addon.node'), 'wx+', 0o600);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function notLoaded(directory: string, cause: unknown): AppError {
  return new AppError({
    code: 'invalid',
    reason: 'ADDON_NOT_LOADED',
    message: `The database addon can't be loaded from ${directory}: let TMPDIR name a directory that is writable, has 5 MB free and is not mounted "noexec"; /proc must be mounted.`,
    cause,
  });
}
