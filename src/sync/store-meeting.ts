import type { CalendarEvent } from '../domain/calendar-event.ts';
import { meetingOf } from '../domain/change.ts';
import type { NewJob } from '../domain/job.ts';
import type { Place } from '../domain/place.ts';
import { isReminded } from '../domain/reminder.ts';
import type { MailboxRow, MeetingRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import type { TraceCode } from '../domain/trace.ts';
import { canonicalJson } from '../seal/canonical.ts';
import { sealEnvelope } from '../seal/envelope.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import type { Closing } from './closing.ts';
import { planReminder } from './due-reminders.ts';
import { withSealingKey } from './mailbox-keys.ts';
import { meetingPlace } from './sealed-meeting.ts';
import { type Settle, withBorrowed } from './stripped-room.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen, countSeals } from './working-key.ts';

const NONCE_BYTES = 24;

/**
 * Seals a changed meeting as the next version and enqueues its delivery, in one commit. The same content is no new version.
 * `hintedAt`: when the change was first heard of.
 */
export async function storeMeeting(
  deps: SyncDeps,
  mailbox: MailboxRow,
  event: CalendarEvent,
  hintedAt: number,
): Promise<Closing> {
  const reading = meetingOf(event, deps.settings.joinRules, oursFirst(deps, mailbox, event));
  const { meeting, codes, settle } = await withBorrowed(deps, mailbox, event, reading);
  const reminded = isReminded(meeting);
  const plain = canonicalJson(meeting);
  try {
    const stored = deps.store.read((r) => r.meeting(mailbox.id, event.id));
    if (stored !== null && (await sameContent(deps, stored, plain)))
      return keepVersion(deps, stored, event, settle);
    return await storeVersion(deps, mailbox, { event, codes, plain, hintedAt, reminded, settle }, stored);
  } finally {
    plain.fill(0);
  }
}

/** What was arranged for a keyword stands before another provider's link where the organisation wants it so. */
function oursFirst(deps: SyncDeps, mailbox: MailboxRow, event: CalendarEvent): boolean {
  if (deps.settings.scheduling.existingTarget !== 'replace') return false;
  return [event.id, event.seriesMasterId ?? ''].some(
    (id) => (deps.store.read((r) => r.arrangement(mailbox.id, id))?.writtenAt ?? null) !== null,
  );
}

async function sameContent(deps: SyncDeps, stored: MeetingRow, plain: Uint8Array): Promise<boolean> {
  if (stored.keyUri === null || stored.contentHash === null || stored.state !== 'listed') return false;
  if (!(await canOpen(deps, stored.keyUri))) return false;
  const hash = await deps.kms.withKey(stored.keyUri, (key) => keyedHash(key, 'content', plain));
  return Buffer.from(hash).equals(stored.contentHash);
}

function keepVersion(deps: SyncDeps, stored: MeetingRow, event: CalendarEvent, settle: Settle): Closing {
  const at = deps.clock.now();
  const write = (w: Writer): void => {
    const row = { ...stored, changeKey: event.changeKey };
    w.putMeeting(row);
    settle(w, row);
    w.addTrace({ at, mailboxId: stored.mailboxId, eventId: event.id, code: 'UNCHANGED' });
  };
  return { write, told: () => undefined };
}

interface Change {
  readonly event: CalendarEvent;
  readonly codes: readonly TraceCode[];
  readonly plain: Uint8Array;
  readonly hintedAt: number;
  readonly reminded: boolean;
  readonly settle: Settle;
}

async function storeVersion(
  deps: SyncDeps,
  mailbox: MailboxRow,
  { event, codes, plain, hintedAt, reminded, settle }: Change,
  stored: MeetingRow | null,
): Promise<Closing> {
  const version = (stored?.version ?? 0) + 1;
  const place = meetingPlace(deps, { mailboxId: mailbox.id, eventId: event.id, version });
  const sealed = await seal(deps, mailbox, place, plain);
  const now = deps.clock.now();
  const row: MeetingRow = {
    mailboxId: mailbox.id,
    eventId: event.id,
    seriesId: event.seriesMasterId,
    meetingId: stored?.meetingId ?? deps.random.uuid(),
    version,
    state: 'listed',
    changeKey: event.changeKey,
    ...sealed,
    startAt: event.startAt,
    endAt: event.endAt,
    changedAt: now,
    deliveredVersion: stored?.deliveredVersion ?? 0,
  };
  const change = changed(deps, row, ['LISTED', ...codes], { hintedAt, reminded });
  const write = (w: Writer): void => {
    change(w);
    settle(w, row);
    countSeals(w, sealed.keyUri, 1, now);
  };
  const { meetingId } = row;
  return { write, told: () => deps.events.meetingSealed({ mailboxId: mailbox.id, meetingId, version }) };
}

function seal(
  deps: SyncDeps,
  mailbox: MailboxRow,
  place: Place,
  plain: Uint8Array,
): Promise<{ keyUri: string; envelope: Uint8Array; contentHash: Uint8Array }> {
  return withSealingKey(deps, mailbox, (key, { uri }) => ({
    keyUri: uri,
    envelope: sealEnvelope(key, uri, place, plain, deps.random.bytes(NONCE_BYTES)),
    contentHash: keyedHash(key, 'content', plain),
  }));
}

/** A trace row and nothing else. */
export function traced(deps: SyncDeps, mailbox: MailboxRow, eventId: string, code: TraceCode): Closing {
  const at = deps.clock.now();
  return {
    write: (w) => w.addTrace({ at, mailboxId: mailbox.id, eventId, code }),
    told: () => undefined,
  };
}

/**
 * Takes the meeting out of the list; the sealed content goes at once. Without a listed meeting there is only a trace.
 * `hintedAt`: when the change was first heard of.
 */
export function withdrawMeeting(
  deps: SyncDeps,
  mailbox: MailboxRow,
  eventId: string,
  code: TraceCode,
  hintedAt: number,
  event: CalendarEvent | null = null,
): Closing {
  const stored = deps.store.read((r) => r.meeting(mailbox.id, eventId));
  if (stored === null || stored.state === 'withdrawn') return traced(deps, mailbox, eventId, code);
  const changedAt = deps.clock.now();
  const gone = { state: 'withdrawn', keyUri: null, envelope: null, contentHash: null } as const;
  // What lies outside the window now is looked at again when the window reaches it.
  const changeKey = code === 'OUT_OF_WINDOW' ? null : (event?.changeKey ?? null);
  const row: MeetingRow = { ...stored, ...gone, changeKey, version: stored.version + 1, changedAt };
  return {
    write: changed(deps, row, [code, 'WITHDRAWN'], { hintedAt, reminded: false }),
    told: () => undefined,
  };
}

/** The new version, its delivery, its reminder and why. The delivery counts from the first hint: that is what the user waits for. */
function changed(
  deps: SyncDeps,
  row: MeetingRow,
  codes: readonly TraceCode[],
  { hintedAt, reminded }: { readonly hintedAt: number; readonly reminded: boolean },
): (w: Writer) => void {
  const { mailboxId, eventId, changedAt } = row;
  return (w) => {
    w.putMeeting(row);
    w.enqueue(deliverJob(row, changedAt), hintedAt);
    planReminder(deps, w, row, reminded);
    for (const code of codes) w.addTrace({ at: changedAt, mailboxId, eventId, code });
  };
}

function deliverJob(row: MeetingRow, now: number): NewJob {
  const { mailboxId, eventId } = row;
  return {
    kind: 'deliver',
    key: `${mailboxId}/${eventId}`,
    mailboxId,
    eventId,
    runAt: now,
    merge: 'earliest',
  };
}
