import { readFileSync } from 'node:fs';

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
    // The name in parentheses may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, 'pid name ')
      .split(' ');
    const startedAt = Number(stat[START_FIELD - 1]) / TICKS_PER_SECOND;
    const [, waitedNs] = words(`/proc/${pid}/schedstat`);
    const ms = (Number(uptime) - startedAt) * 1_000 - Number(waitedNs) / 1e6;
    return Number.isFinite(ms) ? ms : null;
  } catch {
    return null;
  }
}

function words(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split(' ');
}
