import type { LeasedJob } from '../domain/job.ts';
import type { DeliveryOutcome, ReminderItem } from '../domain/ports.ts';
import { lapseOf, reminderStep } from '../domain/reminder.ts';
import type { MailboxRow, MeetingRow, ReminderRow } from '../domain/rows.ts';
import { canonicalJson } from '../seal/canonical.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { type Closing, NOTHING, rows } from './closing.ts';
import { keepReminder, leadOf } from './due-reminders.ts';
import { mailboxOf } from './job-mailbox.ts';
import { withSealingKey } from './mailbox-keys.ts';
import { type ItemKey, reminderItem } from './meeting-item.ts';
import { meetingPlace, noEnvelope, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen, countSeals } from './working-key.ts';

interface Facts {
  readonly mailbox: MailboxRow;
  readonly meeting: MeetingRow;
  readonly reminder: ReminderRow;
  /** When the meeting, as it is now, is to be reminded of. */
  readonly dueAt: number;
}

/** What Webex is to be told, under a version that is stored already. */
type Telling =
  | ({ readonly kind: 'reminder'; readonly version: number } & Pick<Wire, 'item' | 'keyUri' | 'seals'>)
  | { readonly kind: 'withdrawal'; readonly version: number };

/**
 * Brings what Webex holds of one reminder in step with its meeting. The version is stored before it is told, and told again under
 * the same one when the answer was lost: the sink fences on it, so that nobody is reminded twice (design D3).
 */
export async function remind(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const { meeting, reminder } = deps.store.read((r) => ({
    meeting: r.meeting(mailbox.id, job.eventId ?? ''),
    reminder: r.reminder(mailbox.id, job.eventId ?? ''),
  }));
  if (meeting === null || reminder === null || mailbox.webexId === null) return NOTHING;
  const leadMs = leadOf(deps.settings, mailbox);
  const step = reminderStep(reminder, leadMs, deps.clock.now());
  const facts = { mailbox, meeting, reminder, dueAt: reminder.startAt - leadMs };
  // Stays planned: the clock may have been set forward by mistake.
  if (step.kind === 'missed' || step.kind === 'wait') await keepPlanned(deps, facts);
  if (step.kind === 'missed') return missed(deps, reminder);
  const telling = await tellingOf(deps, facts, step);
  if (telling === null) return NOTHING;
  const outcome = await send(deps, mailbox.webexId, meeting, telling);
  return told(deps, facts, telling, outcome);
}

async function tellingOf(
  deps: SyncDeps,
  facts: Facts,
  step: ReturnType<typeof reminderStep>,
): Promise<Telling | null> {
  const { reminder, dueAt } = facts;
  if (step.kind === 'tell') return await reminderOf(deps, facts);
  if (step.kind === 'withdraw') {
    const version = reminder.version + 1;
    const next = { ...reminder, dueAt: step.again ? dueAt : null, told: 'withdrawal', version } as const;
    return (await intend(deps, facts, next)) ? { kind: 'withdrawal', version } : null;
  }
  const isOwed = reminder.told === 'withdrawal' && reminder.sentVersion < reminder.version;
  return isOwed ? { kind: 'withdrawal', version: reminder.version } : null;
}

/** Null when Webex holds the same already. */
async function reminderOf(deps: SyncDeps, facts: Facts): Promise<Telling | null> {
  const { mailbox, meeting, reminder } = facts;
  const wire = await onTheWire(deps, mailbox, meeting);
  if (wire === null) {
    // Its meeting is read anew, and the reminder is planned with that; until then it must not be due again and again.
    await intend(deps, facts, { ...reminder, dueAt: deps.clock.now() + READ_ANEW_MS });
    return null;
  }
  const { item, hash, keyUri, seals } = wire;
  const isSame =
    reminder.told === 'reminder' &&
    reminder.toldStartAt === meeting.startAt &&
    reminder.toldHash !== null &&
    Buffer.from(hash).equals(reminder.toldHash);
  if (isSame) {
    const { version, sentVersion } = reminder;
    return sentVersion < version ? { kind: 'reminder', version, item, keyUri, seals } : null;
  }
  const version = reminder.version + 1;
  const content = { toldStartAt: meeting.startAt, toldHash: hash };
  const next = { ...reminder, ...content, dueAt: null, told: 'reminder', version } as const;
  return (await intend(deps, facts, next)) ? { kind: 'reminder', version, item, keyUri, seals } : null;
}

/** Until a reminder whose key was lost is looked at again. */
const READ_ANEW_MS = 60_000;

interface Wire {
  readonly item: ReminderItem;
  /** By it a later version of the meeting is seen to change nothing of the reminder. */
  readonly hash: Uint8Array;
  readonly keyUri: string;
  readonly seals: number;
}

/** Under the key that seals now. Null when the envelope's key is lost: the meeting is read anew, and its reminder comes with that. */
async function onTheWire(deps: SyncDeps, mailbox: MailboxRow, row: MeetingRow): Promise<Wire | null> {
  const { keyUri, envelope } = row;
  if (keyUri === null) throw noEnvelope();
  if (!(await canOpen(deps, keyUri))) return null;
  const place = meetingPlace(deps, row);
  const algorithm = deps.settings.fieldEncryption;
  return await withSealingKey(
    deps,
    mailbox,
    (key, { uri }, [envelopeKey = key]) => {
      const meeting = openMeeting({ uri: keyUri, key: envelopeKey, place }, envelope);
      const { startAt, joinTarget } = meeting;
      const endAt = lapseOf(meeting);
      const plain = canonicalJson({ endAt, joinTarget });
      const hash = keyedHash(envelopeKey, 'reminder', plain);
      plain.fill(0);
      const itemKey: ItemKey = { uri, key, place, algorithm };
      const sealed = reminderItem(row.meetingId, { startAt, endAt, joinTarget }, itemKey, deps.random);
      return { ...sealed, hash, keyUri: uri };
    },
    [keyUri],
  );
}

async function keepPlanned(deps: SyncDeps, facts: Facts): Promise<void> {
  const { reminder, dueAt } = facts;
  if (reminder.dueAt === null) await intend(deps, facts, { ...reminder, dueAt });
}

/** Stores what is to be told; false when the meeting has changed meanwhile: another job looks at it anew. */
function intend(deps: SyncDeps, { meeting }: Facts, next: ReminderRow): Promise<boolean> {
  return deps.store.writeTogether((w) => {
    if (w.meeting(meeting.mailboxId, meeting.eventId)?.version !== meeting.version) return false;
    keepReminder(w, next, deps.clock.now());
    return true;
  });
}

async function send(
  deps: SyncDeps,
  webexId: string,
  { meetingId }: MeetingRow,
  telling: Telling,
): Promise<DeliveryOutcome> {
  if (telling.kind === 'withdrawal') return deps.sink.withdrawReminder(webexId, meetingId, telling.version);
  return deps.sink.putReminder(webexId, telling.item, telling.version);
}

function told(
  deps: SyncDeps,
  { meeting, reminder }: Facts,
  telling: Telling,
  outcome: DeliveryOutcome,
): Closing {
  const at = deps.clock.now();
  const { mailboxId, eventId, dueAt } = reminder;
  const { version, kind } = telling;
  return {
    write: (w) => {
      if (telling.kind === 'reminder') countSeals(w, telling.keyUri, telling.seals, at);
      w.setReminderSent(mailboxId, eventId, version);
      const code = kind === 'withdrawal' ? 'REMINDER_WITHDRAWN' : 'REMINDED';
      w.addTrace({ at, mailboxId, eventId, code });
    },
    told: () => {
      // What was booked or moved after its time could not come before that.
      const dueFrom = dueAt === null ? null : Math.max(dueAt, meeting.changedAt);
      const lateMs = kind === 'reminder' && dueFrom !== null ? Math.max(0, at - dueFrom) : null;
      deps.events.reminderTold({ mailboxId, kind: outcome, lateMs });
    },
  };
}

function missed(deps: SyncDeps, { mailboxId, eventId }: ReminderRow): Closing {
  const at = deps.clock.now();
  return rows((w) => w.addTrace({ at, mailboxId, eventId, code: 'REMINDER_TOO_LATE' }));
}
