import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { namespace, type Restriction, restriction } from './restriction.ts';

/** The user `nobody` of every Linux. */
const NOBODY = 65_534;

/** A directory with the single file and nothing else, another one for its data, and what is taken away from the program. */
export interface Confinement {
  /** Not below /tmp: the program gets a /tmp of its own. */
  readonly root: string;
  readonly empty: string;
  readonly file: string;
  readonly data: string;
  readonly readOnly: Restriction;
  readonly unprivileged: Restriction;
  /** Starts what follows it with everything taken away, the environment too (`NAME=value` may come first). */
  readonly argv: readonly string[];
}

export function confine(packaged: string): Confinement {
  const root = mkdtempSync('/var/tmp/hybrid-calendar-package-');
  chmodSync(root, 0o755);
  const [empty, data] = [join(root, 'empty'), join(root, 'data')];
  for (const directory of [empty, data]) mkdirSync(directory, { mode: 0o755 });
  const file = join(empty, 'hybrid-calendar-linux-x64');
  copyFileSync(packaged, file);
  const readOnly = namespace('--mount', READ_ONLY, data);
  const unprivileged = restriction('setpriv', ...PRIVILEGES);
  if (unprivileged.missing === null) chownSync(data, NOBODY, NOBODY);
  const argv = [...readOnly.argv, ...unprivileged.argv, 'env', '-i'];
  return { root, empty, file, data, readOnly, unprivileged, argv };
}

export function release(confinement: Confinement): void {
  rmSync(confinement.root, { recursive: true });
}

const PRIVILEGES = [
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--no-new-privs',
  '--inh-caps=-all',
  '--bounding-set=-all',
];

/** In a mount namespace of its own: the data directory stays as it is, /tmp is new and empty, the rest becomes read-only. */
const READ_ONLY = `
data=$1; shift
mount --make-rprivate /
mount --bind "$data" "$data"
mount -t tmpfs -o mode=1777 tmpfs /tmp
for at in $(cut -d ' ' -f 5 /proc/self/mountinfo); do
  case $at in
    "$data" | /tmp | /tmp/* | /proc | /proc/*) ;;
    *) mount -o remount,bind,ro "$(printf '%b' "$at")" ;;
  esac
done
exec "$@"
`;
