import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { MeetingReading } from '../domain/change.ts';
import type { JoinTarget } from '../domain/join-target/join-target.ts';
import { joinCodes } from '../domain/join-target/trace-codes.ts';
import type { Meeting } from '../domain/meeting.ts';
import { roomView } from '../domain/room-view.ts';
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

/** One mailbox's view of a meeting, as it will be sealed; the way to join that a room's copy lost is taken from the organiser's. */
export async function withBorrowed(
  deps: SyncDeps,
  mailbox: MailboxRow,
  event: CalendarEvent,
  { meeting, decision }: MeetingReading,
): Promise<WithBorrowed> {
  const codes = joinCodes(decision);
  if (mailbox.kind === 'person') {
    const rooms = await invitedRooms(deps, event);
    return { meeting, codes, settle: (w, row) => lookAtStripped(deps, w, rooms, row) };
  }
  if (!isStripped(event, meeting))
    return {
      meeting: roomView(meeting),
      codes,
      settle: (w, row) => w.setStripped(row.mailboxId, row.eventId, false),
    };
  const { joinTarget, code, isCurrent } = await borrowFromOrganiser(deps, event);
  const settle: Settle = (w, row) => {
    w.setStripped(row.mailboxId, row.eventId, true);
    if (!isCurrent(w)) lookAnew(deps, w, row);
  };
  return { meeting: roomView({ ...meeting, joinTarget }), codes: [code, ...codes.slice(1)], settle };
}

/** What the organiser's copy tells in place of a room's own. */
interface Borrowed {
  readonly joinTarget: JoinTarget | null;
  readonly code: TraceCode;
  /** Whether the organiser's copy is still the one that was looked at; asked in the commit. */
  readonly isCurrent: (r: Reader) => boolean;
}

/**
 * How a meeting is joined by the organiser's copy, as it is stored here: the same iCalUId at the same time. Nothing of it is
 * kept besides the way to join.
 */
async function borrowFromOrganiser(deps: SyncDeps, event: CalendarEvent): Promise<Borrowed> {
  const organiser = await knownMailbox(deps, event.organizer.address);
  // Who is enabled later has his calendar read, and with it comes the look at what borrows from it.
  if (organiser === 0) return { joinTarget: null, code: 'BODY_STRIPPED', isCurrent: () => true };
  const candidates = deps.store.read((r) => candidatesOf(r, organiser, event));
  const joinTarget = await targetAmong(deps, candidates, event.iCalUId);
  const seen = fingerprint(candidates);
  return {
    joinTarget,
    code: joinTarget === null ? 'NO_JOIN_TARGET' : `JOIN_TARGET ${joinTarget.provider} organizers-copy`,
    isCurrent: (r) => fingerprint(candidatesOf(r, organiser, event)) === seen,
  };
}

function candidatesOf(r: Reader, organiser: number, { startAt, endAt }: Times): MeetingRow[] {
  const overlapping = r.listedMeetings(organiser, startAt, endAt);
  return overlapping.filter((row) => row.startAt === startAt && row.endAt === endAt);
}

function fingerprint(rows: readonly MeetingRow[]): string {
  return rows.map(({ eventId, version }) => `${eventId} ${version}`).join();
}

async function targetAmong(
  deps: SyncDeps,
  rows: readonly MeetingRow[],
  iCalUId: string,
): Promise<JoinTarget | null> {
  for (const row of rows) {
    const uri = row.keyUri ?? '';
    const place = meetingPlace(deps, row);
    const found = await deps.kms.withKey(uri, (key) => {
      const meeting = openMeeting({ uri, key, place }, row.envelope);
      return meeting.iCalUId === iCalUId ? { joinTarget: meeting.joinTarget } : null;
    });
    if (found !== null) return found.joinTarget;
  }
  return null;
}

/** The enabled rooms that are invited to a meeting of this organiser; none as long as no room loses any text. */
async function invitedRooms(deps: SyncDeps, event: CalendarEvent): Promise<number[]> {
  if (!event.isOrganizer || !deps.store.read((r) => r.anyStripped())) return [];
  const ids = await Promise.all(event.attendees.map(({ address }) => knownMailbox(deps, address)));
  return deps.store.read((r) => ids.filter((id) => r.mailbox(id)?.kind === 'room'));
}

/** Has the copies of these rooms that lost their text looked at anew: what they borrow has changed. */
function lookAtStripped(deps: SyncDeps, w: Writer, rooms: readonly number[], times: Times): void {
  for (const room of rooms)
    for (const row of w.strippedAt(room, times.startAt, times.endAt)) lookAnew(deps, w, row);
}

/** The copy counts as one that was not seen yet. */
function lookAnew(deps: SyncDeps, w: Writer, row: MeetingRow): void {
  const now = deps.clock.now();
  w.putMeeting({ ...row, changeKey: null });
  w.enqueue(syncEventJob(deps.settings, row.mailboxId, row.seriesId ?? row.eventId, now), now);
}
