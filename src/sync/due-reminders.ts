import { DUE_REMINDERS_MS, type NewJob } from '../domain/job.ts';
import { lapseOf } from '../domain/reminder.ts';
import type { MailboxRow, MeetingRow, ReminderRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import type { Closing } from './closing.ts';
import type { SyncDeps, SyncSettings } from './sync-deps.ts';

/** Reminders of a moment, so many at a time: at nine o’clock half the company meets. */
const SLICE = 200;

/** How long before the start the reminders of a mailbox come. */
export function leadOf(
  settings: Pick<SyncSettings, 'reminderLeadMs'>,
  mailbox: Pick<MailboxRow, 'reminderLeadMs'> | null,
): number {
  return mailbox?.reminderLeadMs ?? settings.reminderLeadMs;
}

/**
 * Plans the reminder of a meeting that has changed, in the commit of the change. `isReminded`: whether it is of a kind that has
 * one. What Webex holds already is looked at anew by a job of its own.
 */
export function planReminder(deps: SyncDeps, w: Writer, meeting: MeetingRow, isReminded: boolean): void {
  const { mailboxId, eventId, startAt } = meeting;
  const endAt = lapseOf(meeting);
  const now = deps.clock.now();
  const stored = w.reminder(mailboxId, eventId);
  const wanted = isReminded && meeting.state === 'listed';
  if (stored === null && (!wanted || endAt <= now)) return;
  const isTold = stored?.told === 'reminder';
  const dueAt = wanted && !isTold ? startAt - leadOf(deps.settings, w.mailbox(mailboxId)) : null;
  const before = stored ?? NOTHING_TOLD;
  keepReminder(w, { ...before, mailboxId, eventId, wanted, startAt, endAt, dueAt }, now);
  if (isTold) w.enqueue(remindJob(meeting, now), now);
}

const NOTHING_TOLD = {
  told: 'nothing',
  toldStartAt: null,
  toldHash: null,
  version: 0,
  sentVersion: 0,
} as const;

/** Stores a reminder, and sees to it that it is looked at when it is due. */
export function keepReminder(w: Writer, row: ReminderRow, now: number): void {
  w.putReminder(row);
  // What lies further ahead is found by the next look in any case.
  if (row.dueAt !== null && row.dueAt < now + DUE_REMINDERS_MS) w.enqueue(dueRemindersJob(row.dueAt), now);
}

/** Hands every reminder whose time has come to a job of its own, and comes back when the next one is due. */
export async function dueReminders(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const due = deps.store.read((r) => r.dueReminders(now, SLICE));
  const write = (w: Writer): void => {
    for (const one of due) w.enqueue(remindJob(one, now), now);
    w.enqueue(dueRemindersJob(due.length === SLICE ? now : nextLookAt(w, now)), now);
  };
  // An upstream that rests is asked again at once: somebody stands before a door.
  return { write, told: () => (due.length === 0 ? undefined : deps.upstreams.hasten('remind')) };
}

function nextLookAt(r: Reader, now: number): number {
  return Math.min(r.nextReminderAt(now) ?? Number.MAX_SAFE_INTEGER, now + DUE_REMINDERS_MS);
}

/** The configured lead changed since the last start: what is not told yet is planned anew. */
export function keepLead(deps: SyncDeps, w: Writer): void {
  const { reminderLeadMs } = deps.settings;
  if (w.setting(LEAD_SETTING) === String(reminderLeadMs)) return;
  w.moveReminders(null, reminderLeadMs);
  w.setSetting(LEAD_SETTING, String(reminderLeadMs));
}

const LEAD_SETTING = 'reminder-lead-ms';

/** A mailbox gets a lead of its own, or for null the common one again; false when there is no such mailbox. */
export function setLead(deps: SyncDeps, mailboxId: number, leadMs: number | null): boolean {
  const now = deps.clock.now();
  const known = deps.store.write((w) => {
    if (w.mailbox(mailboxId) === null) return false;
    w.setReminderLead(mailboxId, leadMs);
    w.moveReminders(mailboxId, leadMs ?? deps.settings.reminderLeadMs);
    w.enqueue(dueRemindersJob(now), now);
    return true;
  });
  deps.wake();
  return known;
}

export function dueRemindersJob(runAt: number): NewJob {
  return {
    kind: 'due-reminders',
    key: '',
    mailboxId: null,
    eventId: null,
    runAt,
    merge: 'earliest',
    urgent: true,
  };
}

function remindJob({ mailboxId, eventId }: Pick<ReminderRow, 'mailboxId' | 'eventId'>, now: number): NewJob {
  const key = `${mailboxId}/${eventId}`;
  return { kind: 'remind', key, mailboxId, eventId, runAt: now, merge: 'earliest', urgent: true };
}
