import type { ReminderRow } from './rows.ts';

/** What the store tells of reminders. */
export interface ReminderReader {
  reminder(mailboxId: number, eventId: string): ReminderRow | null;
  /** Those of a mailbox that Webex holds or may hold. */
  toldReminders(mailboxId: number): ReminderRow[];
  /** Due by the instant, of meetings that have not ended, and in no job yet; those due longest first. */
  dueReminders(now: number, limit: number): ReminderRow[];
  /** When the next one after the instant is due; null when none is. */
  nextReminderAt(after: number): number | null;
}

export interface ReminderWriter {
  /** Null: as everywhere. */
  setReminderLead(mailboxId: number, leadMs: number | null): void;
  putReminder(row: ReminderRow): void;
  /** Moves the sent version forward, never back. */
  setReminderSent(mailboxId: number, eventId: string, version: number): void;
  /** Plans what is not told yet anew: of one mailbox, or for null of all that have no lead of their own. */
  moveReminders(mailboxId: number | null, leadMs: number): void;
}
