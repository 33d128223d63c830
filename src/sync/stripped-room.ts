import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { MeetingReading } from '../domain/change.ts';
import { joinCodes } from '../domain/join-target/trace-codes.ts';
import type { Meeting } from '../domain/meeting.ts';
import { isPrivate, roomView } from '../domain/room-view.ts';
import type { MailboxRow, MeetingRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { isStripped } from '../domain/stripped-copy.ts';
import type { TraceCode } from '../domain/trace.ts';
import { knownMailbox } from './addresses.ts';
import { syncEventJob } from './intake.ts';
import { meetingPlace, openMeeting } from './sealed-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

type Times = Pick<MeetingRow, 'startAt' | 'endAt'>;

/** What is written in the commit of a meeting about the copies that borrow from it, or from which it borrows. */
export type Settle = (w: Writer, row: MeetingRow) => void;

export interface WithBorrowed {
  readonly meeting: Meeting;
  /** How its join target was found. */
  readonly codes: readonly TraceCode[];
  readonly settle: Settle;
}

/**
 * One mailbox's view of a meeting, as it will be sealed. What a room's copy lost is taken from the organiser's: the way to join, and
 * that it is private.
 */
export async function withBorrowed(
  deps: SyncDeps,
  mailbox: MailboxRow,
  event: CalendarEvent,
  { meeting, decision }: MeetingReading,
): Promise<WithBorrowed> {
  const codes = joinCodes(decision);
  if (mailbox.kind === 'room') return await inRoom(deps, event, meeting, codes);
  const rooms = await invitedRooms(deps, event);
  const settle: Settle = (w, row) => {
    if (rooms !== null) lookAtRooms(deps, w, rooms, row, isPrivate(event));
    // The first room that loses anything did so meanwhile.
    else if (event.isOrganizer && w.anyStripped()) lookAnew(deps, w, row);
  };
  return { meeting, codes, settle };
}

async function inRoom(
  deps: SyncDeps,
  event: CalendarEvent,
  own: Meeting,
  codes: readonly TraceCode[],
): Promise<WithBorrowed> {
  const { copy, isKnown, isCurrent } = await organisersCopy(deps, event);
  const lostText = isStripped(event, own);
  const lostFlag = copy !== null && isPrivate(copy) && !isPrivate(own);
  const joinTarget = lostText ? (copy?.joinTarget ?? null) : own.joinTarget;
  const sensitivity = lostFlag ? copy.sensitivity : own.sensitivity;
  const settle: Settle = (w, row) => {
    w.setStripped(row.mailboxId, row.eventId, lostText || lostFlag);
    if (!isCurrent(w)) lookAnew(deps, w, row);
  };
  const found: TraceCode = isKnown ? 'NO_JOIN_TARGET' : 'BODY_STRIPPED';
  const code = joinTarget === null ? found : (`JOIN_TARGET ${joinTarget.provider} organizers-copy` as const);
  return {
    meeting: roomView({ ...own, joinTarget, sensitivity }),
    codes: lostText ? [code, ...codes.slice(1)] : codes,
    settle,
  };
}

/** What the organiser's copy tells in place of a room's own. */
interface Borrowed {
  readonly copy: Pick<Meeting, 'joinTarget' | 'sensitivity'> | null;
  /** Whether the organiser is enabled. */
  readonly isKnown: boolean;
  /** Whether the organiser's copy is still the one that was looked at; asked in the commit. */
  readonly isCurrent: (r: Reader) => boolean;
}

/** The organiser's copy of a room's meeting, as it is stored here: the same iCalUId at the same time. */
async function organisersCopy(deps: SyncDeps, event: CalendarEvent): Promise<Borrowed> {
  const organiser = event.isOrganizer ? 0 : await knownMailbox(deps, event.organizer.address);
  // Who is enabled later has his calendar read, and with it comes the look at what borrows from it.
  if (organiser === 0) return { copy: null, isKnown: false, isCurrent: () => true };
  const candidates = deps.store.read((r) => candidatesOf(r, organiser, event));
  const copy = await sameAmong(deps, candidates, event.iCalUId);
  const seen = fingerprint(candidates);
  const isCurrent = (r: Reader): boolean => fingerprint(candidatesOf(r, organiser, event)) === seen;
  return { copy, isKnown: true, isCurrent };
}

function candidatesOf(r: Reader, organiser: number, { startAt, endAt }: Times): MeetingRow[] {
  const overlapping = r.listedMeetings(organiser, startAt, endAt);
  return overlapping.filter((row) => row.startAt === startAt && row.endAt === endAt);
}

function fingerprint(rows: readonly MeetingRow[]): string {
  return rows.map(({ eventId, version }) => `${eventId} ${version}`).join();
}

async function sameAmong(
  deps: SyncDeps,
  rows: readonly MeetingRow[],
  iCalUId: string,
): Promise<Borrowed['copy']> {
  for (const row of rows) {
    const uri = row.keyUri ?? '';
    const place = meetingPlace(deps, row);
    const found = await deps.kms.withKey(uri, (key) => {
      const meeting = openMeeting({ uri, key, place }, row.envelope);
      const { joinTarget, sensitivity } = meeting;
      return meeting.iCalUId === iCalUId ? { joinTarget, sensitivity } : null;
    });
    if (found !== null) return found;
  }
  return null;
}

/** The enabled rooms that are invited to a meeting of this organiser; null as long as no room loses anything of its copies. */
async function invitedRooms(deps: SyncDeps, event: CalendarEvent): Promise<number[] | null> {
  const isLent = isPrivate(event) || deps.store.read((r) => r.anyStripped());
  if (!event.isOrganizer || !isLent) return null;
  const ids = await Promise.all(event.attendees.map(({ address }) => knownMailbox(deps, address)));
  return deps.store.read((r) => ids.filter((id) => r.mailbox(id)?.kind === 'room'));
}

/** Has the copies of these rooms looked at anew that borrow from a meeting which has changed; of a private one all. */
function lookAtRooms(
  deps: SyncDeps,
  w: Writer,
  rooms: readonly number[],
  times: Times,
  isHidden: boolean,
): void {
  for (const room of rooms) {
    const borrowing = isHidden
      ? candidatesOf(w, room, times)
      : w.strippedAt(room, times.startAt, times.endAt);
    for (const row of borrowing) lookAnew(deps, w, row);
  }
}

/** The copy counts as one that was not seen yet. */
function lookAnew(deps: SyncDeps, w: Writer, row: MeetingRow): void {
  const now = deps.clock.now();
  w.putMeeting({ ...row, changeKey: null });
  w.enqueue(syncEventJob(deps.settings, row.mailboxId, row.seriesId ?? row.eventId, now), now);
}
