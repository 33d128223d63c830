import { closeSync, fchmodSync, openSync, rmSync, writeSync } from 'node:fs';
import { EXIT } from '../ops/exit-codes.ts';
import { complain } from './terminal.ts';

/**
 * Writes what is asked for into a new file that only this account may read; a number instead is the exit code of a refusal, which
 * leaves no file. The file is seen to before anything is asked for.
 */
export async function toPrivateFile(file: string, content: () => Promise<string | number>): Promise<number> {
  const descriptor = openNew(file);
  if (descriptor === null) return EXIT.io;
  let given: string | number = EXIT.io;
  try {
    given = await content();
    if (typeof given === 'string') writeSync(descriptor, `${given}\n`);
  } finally {
    closeSync(descriptor);
    if (typeof given !== 'string') rmSync(file);
  }
  return typeof given === 'string' ? EXIT.ok : given;
}

/** Never an existing file: its rights, and whoever has it open, would be those of before. */
function openNew(file: string): number | null {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    fchmodSync(descriptor, 0o600);
    return descriptor;
  } catch (thrown) {
    const there = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    const why = there ? 'it is there already; name another one.' : 'its folder must exist and be writable.';
    complain(`${file} is not written: ${why}`);
    return null;
  }
}
