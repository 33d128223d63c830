import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts the start of processes in hundredths of a second on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
const START_FIELD = 22;

/**
 * Milliseconds since the process started, without those in which it was ready to run but had to wait for a processor: what it
 * would have needed on a machine with nothing else to do. Null where the kernel does not tell (anything but Linux), or the
 * process is gone.
 */
export function unhinderedMs(pid: number): number | null {
  try {
    const [uptime] = words('/proc/uptime');
    const startedAt = Number(statOf(pid)[START_FIELD - 1]) / TICKS_PER_SECOND;
    const [, waitedNs] = words(`/proc/${pid}/schedstat`);
    const ms = (Number(uptime) - startedAt) * 1_000 - Number(waitedNs) / 1e6;
    return Number.isFinite(ms) ? ms : null;
  } catch {
    return null;
  }
}

/**
 * The child that was started for this command, also before it has said anything. Null when there is none, or where there is no
 * /proc (anything but Linux).
 */
export function childOf(parent: number, command: string): number | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return Number(pids.find((pid) => isChild(pid, parent, command)) ?? 0) || null;
  } catch {
    return null;
  }
}

// A process may end while it is looked at; then it is nobody's child.
function isChild(pid: string, parent: number, command: string): boolean {
  try {
    const [, , , ppid] = statOf(pid);
    return (
      Number(ppid) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(command)
    );
  } catch {
    return false;
  }
}

/** Field n of proc(5) is at n - 1. The name in parentheses may hold spaces. */
function statOf(pid: number | string): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, 'pid name ')
    .split(' ');
}

function words(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split(' ');
}
