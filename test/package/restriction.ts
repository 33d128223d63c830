import { spawnSync } from 'node:child_process';

/** Something that is taken away from a program: put `argv` before its command line. Or why this machine can't take it away. */
export interface Restriction {
  readonly argv: readonly string[];
  readonly missing: string | null;
}

/** Tries it on `true`, so that a missing tool or right is known, and named, before. */
export function restriction(...argv: readonly string[]): Restriction {
  const [tool = '', ...rest] = argv;
  const tried = spawnSync(tool, [...rest, 'true'], { encoding: 'utf8' });
  if (tried.error !== undefined) return { argv: [], missing: `${tool} is not installed` };
  if (tried.status === 0) return { argv, missing: null };
  return { argv: [], missing: `${tool} fails: ${tried.stderr.trim().split('\n').at(-1)}` };
}

/** A namespace of its own for what follows; `script` sets it up as root there and ends with `exec "$@"`. */
export function namespace(
  kind: '--net' | '--mount',
  script: string,
  ...parameters: readonly string[]
): Restriction {
  // Who is not root may only be root of a user namespace.
  const rights = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return restriction('unshare', kind, ...rights, 'sh', '-ec', script, 'sh', ...parameters);
}
