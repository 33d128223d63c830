import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second on every architecture (USER_HZ). */
const TICK_MS = 10;

/** CPU milliseconds that a process has used so far, all its threads together; NaN where there is no /proc. */
export function cpuMsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 'x', system = 'x'] = fields.slice(11, 13);
    return (Number(user) + Number(system)) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}
