import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';

/** What the appliance last said of one person. */
export interface HeldPresence {
  readonly userId: string;
  readonly version: number;
  readonly eventType: 'ooo' | 'active';
  /** ISO instant; null when the end is not known. */
  readonly expiresTime: string | null;
  /** Simulated epoch milliseconds. */
  readonly since: number;
}

const table = (context: CloudContext): Table<HeldPresence> =>
  context.disk.table<HeldPresence>('webex-presence');

/** Every version that was taken, oldest first. */
export const presenceLog = (context: CloudContext): Table<HeldPresence> =>
  context.disk.table<HeldPresence>('webex-presence-log');

/** Takes a version when it is newer than what is held; else the version that is. */
export function acceptPresence(context: CloudContext, next: HeldPresence): number | null {
  const held = table(context).get(next.userId);
  if (held !== undefined && held.version >= next.version) return held.version;
  context.disk.transaction(() => {
    table(context).put(next.userId, next);
    presenceLog(context).put(`${next.userId}/${next.version}`, next);
  });
  return null;
}

/** Out of office lapses by itself at its end (reference: webex.md 3). */
export function presenceOf(context: CloudContext, userId: string): HeldPresence | null {
  const held = table(context).get(userId);
  if (held === undefined || held.eventType === 'active') return null;
  const ended = held.expiresTime !== null && Date.parse(held.expiresTime) <= context.clock.now();
  return ended ? null : held;
}
