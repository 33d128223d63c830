import type { ArrangementRow } from '../domain/arrangement.ts';
import type { LeasedJob, NewJob } from '../domain/job.ts';
import type { MailboxRow, MeetingRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { openAddress } from './addresses.ts';
import { allOf, type Closing, NOTHING, rows } from './closing.ts';
import { syncEventJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import { meetingPlace, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

const HOUR_MS = 60 * 60_000;
/** How long before its start what was arranged for a meeting is looked up again. */
const AHEAD_MS = [24 * HOUR_MS, HOUR_MS];
const EVERY_MS = 10 * 60_000;
/** What fell due longer ago has its next look soon. */
const LATEST_MS = 22 * HOUR_MS;
const DONE_UNTIL = 'targets-checked-until';
const ALARM = 'join-target-lost';
const LOST = 'NO_PERSONAL_ROOM';

/**
 * Hands every meeting that begins in a day or in an hour to a look of its own, if anything was arranged for it. An alarm about
 * somebody goes when no meeting that is to come soon needs what he has lost.
 */
export async function checkTargets(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const idle = deps.store.read((r) => idleAlarms(r, now));
  const begun = rows((w) => {
    const done = Math.min(now, Math.max(Number(w.setting(DONE_UNTIL) ?? now), now - LATEST_MS));
    for (const ahead of AHEAD_MS)
      for (const meeting of w.arrangedMeetings(done + ahead, now + ahead))
        w.enqueue(checkTargetJob(meeting, now), now);
    w.setSetting(DONE_UNTIL, String(now));
    w.enqueue(checkTargetsJob(now + EVERY_MS), now);
  });
  return allOf([begun, ...idle.map((subject) => cleared(deps, subject))]);
}

/** Who is told of and needs no room soon. */
function idleAlarms(r: Reader, now: number): string[] {
  const standing = alarmed(r);
  // All meetings of a day are many, and hardly ever has anybody lost a room.
  if (standing.length === 0) return [];
  const concerned = needingRooms(r, now);
  return standing.filter((subject) => !concerned.has(subject));
}

/** Numbers of the mailboxes that have a meeting in their personal room within a day. */
function needingRooms(r: Reader, now: number): ReadonlySet<string> {
  const soon = r.arrangedMeetings(now, now + Math.max(...AHEAD_MS));
  const inRooms = soon.filter(
    (one) => standingOf(r, one.mailboxId, one.eventId).row?.kind === 'personal-room',
  );
  return new Set(inRooms.map(({ mailboxId }) => String(mailboxId)));
}

function alarmed(r: Reader): string[] {
  return r.alarms().flatMap(({ id, subject }) => (id === ALARM ? [subject] : []));
}

/**
 * Whether Webex still leads to what the invitation says: a personal room may have been renamed, a meeting deleted and its number
 * given to somebody else. What is ours is put right; what can't be raises an alarm.
 */
export async function checkTarget(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const { meeting, row } = deps.store.read((r) => standingOf(r, mailbox.id, job.eventId ?? ''));
  if (meeting === null || row === null) return NOTHING;
  const fate = await fateOf(deps, mailbox, meeting, row);
  if (fate === 'lost') return lost(deps, mailbox, meeting);
  const found = row.kind === 'personal-room' ? roomFound(deps, mailbox) : NOTHING;
  return fate === 'stands' ? found : allOf([found, changed(deps, mailbox, meeting, row)]);
}

interface Standing {
  readonly meeting: MeetingRow | null;
  readonly row: ArrangementRow | null;
}

/** A listed meeting and what stands in its invitation, or in that of its series. */
function standingOf(r: Reader, mailboxId: number, eventId: string): Standing {
  const meeting = r.meeting(mailboxId, eventId);
  if (meeting === null || meeting.state !== 'listed') return { meeting: null, row: null };
  const row = r.arrangement(mailboxId, eventId) ?? r.arrangement(mailboxId, meeting.seriesId ?? '');
  return { meeting, row: row?.state === 'standing' && row.writtenAt !== null ? row : null };
}

async function fateOf(
  deps: SyncDeps,
  mailbox: MailboxRow,
  meeting: MeetingRow,
  row: ArrangementRow,
): Promise<'stands' | 'changed' | 'lost'> {
  if (row.kind !== 'personal-room') {
    const host = row.kind === 'space' ? null : await openAddress(deps, mailbox);
    const { webexMeetingId } = row;
    if (webexMeetingId === null) return 'stands';
    return (await deps.meetings.get(webexMeetingId, host)) === null ? 'changed' : 'stands';
  }
  const room = await deps.webex.personalRoom(await openAddress(deps, mailbox));
  if (room === null) return 'lost';
  return (await linkOf(deps, meeting)) === room.url ? 'stands' : 'changed';
}

async function linkOf(deps: SyncDeps, row: MeetingRow): Promise<string | null> {
  const uri = row.keyUri ?? '';
  const place = meetingPlace(deps, row);
  return await deps.kms.withKey(
    uri,
    (key) => openMeeting({ uri, key, place }, row.envelope).joinTarget?.url ?? null,
  );
}

function roomFound(deps: SyncDeps, { id }: MailboxRow): Closing {
  const subject = String(id);
  return deps.store.read(alarmed).includes(subject) ? cleared(deps, subject) : NOTHING;
}

function cleared(deps: SyncDeps, subject: string): Closing {
  return {
    write: (w) => void w.clearAlarm(ALARM, subject),
    told: () => deps.events.alarmCleared({ id: ALARM, subject, reason: LOST }),
  };
}

function lost(deps: SyncDeps, mailbox: MailboxRow, { eventId }: MeetingRow): Closing {
  const at = deps.clock.now();
  const subject = String(mailbox.id);
  return {
    write: (w) => {
      w.raiseAlarm(ALARM, subject, LOST, at);
      w.addTrace({ at, mailboxId: mailbox.id, eventId, code: LOST });
    },
    told: () => deps.events.alarmRaised({ id: ALARM, subject, reason: LOST }),
  };
}

/** The event is looked at anew, and gets the present way to join. */
function changed(
  deps: SyncDeps,
  mailbox: MailboxRow,
  { eventId }: MeetingRow,
  { eventId: arrangedId, mark }: ArrangementRow,
): Closing {
  const at = deps.clock.now();
  return rows((w: Writer) => {
    const row = w.arrangement(mailbox.id, arrangedId);
    if (row?.state !== 'standing' || row.mark !== mark) return;
    w.putArrangement({ ...row, state: 'rewriting' });
    w.addTrace({ at, mailboxId: mailbox.id, eventId, code: 'TARGET_CHANGED' });
    w.enqueue(syncEventJob(deps.settings, mailbox.id, arrangedId, at, true), at);
  });
}

export function checkTargetsJob(runAt: number): NewJob {
  return { kind: 'check-targets', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}

function checkTargetJob({ mailboxId, eventId }: MeetingRow, now: number): NewJob {
  const key = `${mailboxId}/${eventId}`;
  return { kind: 'check-target', key, mailboxId, eventId, runAt: now, merge: 'earliest' };
}
