import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

const READ_ONLY = 0;
const ACCESS_MODE = 3;

/** A line of the kernel's `status` of a process, e.g. `Uid`: its values. */
export function statusOf(pid: number, name: string): string[] {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  return (line ?? '').split(/\s+/).slice(1);
}

/** Names of the environment that the process was started with. */
export function environmentOf(pid: number): string[] {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return entries.filter((entry) => entry !== '').map((entry) => entry.replace(/=.*/s, ''));
}

/** Where the process could write if it were allowed to: its mounts that are not read-only. The last one at a place hides the others. */
export function writableMounts(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trimEnd().split('\n');
  const fields = lines.map((line) => line.split(' '));
  const mounts = new Map(fields.map(([, , , , at = '', options = '']) => [at, options]));
  return [...mounts].filter(([, options]) => /^rw(,|$)/.test(options)).map(([at]) => at);
}

/** Regular files that the process holds open for writing. */
export function filesBeingWritten(pid: number): string[] {
  const descriptors = readdirSync(`/proc/${pid}/fd`).filter((fd) => isWritten(pid, fd));
  return descriptors.map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

function isWritten(pid: number, fd: string): boolean {
  const flags = /flags:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
  const open = Number.parseInt(flags, 8) & ACCESS_MODE;
  return open !== READ_ONLY && statSync(`/proc/${pid}/fd/${fd}`).isFile();
}

/** Everything below a directory, as paths that begin there; hidden files too. */
export function allBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}
