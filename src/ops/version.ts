import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { STAMP } from './stamp.ts';

/** Version of this program, e.g. `0.1.0`. */
export const VERSION: string = packageJson.version;

/** The commit that this program was made from: stamped into the single file, read from git when it runs from source. */
export function commit(): string {
  return STAMP?.commit ?? commitOf(join(import.meta.dirname, '../..'));
}

/**
 * The commit checked out in a directory, 40 hex digits, with `-dirty` behind it when tracked files were changed since.
 * `unknown` without git, or when the directory is not the top of a checkout: a repository around it is somebody else's.
 */
export function commitOf(directory: string): string {
  try {
    const top = git(directory, 'rev-parse', '--show-cdup') === '';
    return top ? git(directory, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*') : 'unknown';
  } catch {
    return 'unknown';
  }
}

function git(cwd: string, ...argv: readonly string[]): string {
  const output = execFileSync('git', ['--no-optional-locks', ...argv], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output.trim();
}
