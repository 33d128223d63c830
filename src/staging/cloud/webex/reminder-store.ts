import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import type { ReminderItem } from './reminder-item.ts';

/** What is held of one reminder of one user; without a reminder it is the tombstone of a withdrawn one. */
export interface HeldReminder {
  readonly userId: string;
  readonly meetingId: string;
  readonly version: number;
  readonly reminder: ReminderItem | null;
}

/** One that arrived and counted. */
export interface ReminderArrival {
  /** Simulated epoch milliseconds, and those of the machine: at another speed they tell what people would feel. */
  readonly at: number;
  readonly realAt: number;
  readonly userId: string;
  readonly meetingId: string;
  readonly version: number;
  readonly kind: 'created' | 'updated' | 'withdrawn';
  readonly start: string | null;
}

export type ReminderOutcome =
  /** `wasShown`: there was something to replace or to take away. */
  | { readonly outcome: ReminderArrival['kind']; readonly wasShown: boolean }
  | { readonly outcome: 'fenced'; readonly version: number };

export const reminderTable = (context: CloudContext): Table<HeldReminder> =>
  context.disk.table<HeldReminder>('webex-reminders');
export const arrivalTable = (context: CloudContext): Table<ReminderArrival> =>
  context.disk.table<ReminderArrival>('webex-reminder-arrivals');

/** Takes a version when it is newer than what is held. */
export function acceptReminder(context: CloudContext, next: HeldReminder): ReminderOutcome {
  const table = reminderTable(context);
  const { userId, meetingId, version, reminder } = next;
  const key = `${userId}/${meetingId}`;
  const held = table.get(key);
  if (held !== undefined && held.version >= version) return { outcome: 'fenced', version: held.version };
  const at = context.clock.now();
  const wasShown = held !== undefined && isStanding(held, at);
  const kind = reminder === null ? 'withdrawn' : wasShown ? 'updated' : 'created';
  context.disk.transaction(() => {
    table.put(key, next);
    const arrival = { at, realAt: Date.now(), userId, meetingId, version, kind } as const;
    arrivalTable(context).put(randomUUID(), { ...arrival, start: reminder?.start ?? null });
  });
  return { outcome: kind, wasShown };
}

/** The Join buttons that a user sees now. */
export function standingReminders(context: CloudContext, userId: string): ReminderItem[] {
  const now = context.clock.now();
  const held = reminderTable(context).all();
  return held.flatMap((one) =>
    one.userId === userId && one.reminder !== null && isStanding(one, now) ? [one.reminder] : [],
  );
}

function isStanding({ reminder }: HeldReminder, now: number): boolean {
  return reminder !== null && Date.parse(reminder.end) > now;
}
