import { type ArrangementRow, detailsOfMeeting, isOfItsOwn, type OwnKind } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { JoinDetails } from '../domain/join-block/join-details.ts';
import { findKeyword, type KeywordHit } from '../domain/keyword.ts';
import { readMark } from '../domain/mark.ts';
import type { MeetingObstacle, MeetingRequest, WebexMeeting } from '../domain/scheduling-ports.ts';
import { bareEvent } from '../domain/standing.ts';
import type { TraceCode } from '../domain/trace.ts';
import { type Asked, askedFor } from './asked-meeting.ts';
import { intend } from './intent.ts';
import { hashesOf, peopleFollowed } from './invite-people.ts';
import { limitPassed, limitReached } from './meeting-limit.ts';
import { note, type Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What came of an arrangement. */
export type Arranged =
  | { readonly kind: 'made'; readonly details: JoinDetails; readonly row: ArrangementRow }
  | { readonly kind: 'none'; readonly code: TraceCode };

/** A meeting of Webex for the event, of its own or in a space; each step finds what an interrupted one had made. */
export async function meetingFor(deps: SyncDeps, at: Occasion, kind: OwnKind): Promise<Arranged> {
  const asked = await askedFor(deps, at, kind, null);
  if (asked.kind === 'none') return asked;
  for (const code of asked.remarks) await note(deps, at, code);
  return await make(deps, at, asked, await intend(deps, at, kind));
}

/** A meeting in place of one that was deleted at Webex, with the invitation as it was before our write. */
export interface Renewal {
  readonly made: Extract<Arranged, { kind: 'made' }>;
  readonly bare: CalendarEvent;
  readonly keyword: KeywordHit;
}

/** Lets what was made in Webex follow the event; null when the invitation stays as it is. */
export async function madeAnew(deps: SyncDeps, at: Occasion, row: ArrangementRow): Promise<Renewal | null> {
  if (!isOfItsOwn(row)) return null;
  const asked = await askedFor(deps, at, row.kind, row.askedKey);
  if (asked.kind === 'none') {
    // What is over moves no more, and whoever moved it knows.
    if (asked.code !== 'PAST') await note(deps, at, asked.code);
    return null;
  }
  if (isSame(row, asked) && row.state === 'standing') return null;
  const made = await make(deps, at, asked, row);
  if (made.kind === 'none') {
    await note(deps, at, made.code);
    return null;
  }
  const isOther = made.row.state === 'rewriting';
  await note(deps, at, isOther ? 'MEETING_MADE_ANEW' : 'MEETING_CHANGED');
  return isOther ? renewal(deps, at, made) : null;
}

/** What a keyword that was answered is to be answered with now; null when it can’t be told any more which it was. */
export function renewal(deps: SyncDeps, { event }: Occasion, made: Renewal['made']): Renewal | null {
  const mark = readMark(event.mark);
  if (mark === null) return null;
  const bare = bareEvent(event, mark, deps.settings.joinBlock);
  const names = bare.locations.map(({ displayName }) => displayName);
  const keyword = findKeyword(names, deps.settings.joinRules.keywords);
  return keyword === null ? null : { made, bare, keyword };
}

function isSame({ askedHash }: ArrangementRow, { hash }: Asked): boolean {
  return askedHash !== null && Buffer.from(askedHash).equals(hash);
}

async function make(deps: SyncDeps, at: Occasion, asked: Asked, intended: ArrangementRow): Promise<Arranged> {
  const { row, outcome, isFresh } = await makeOrChange(deps, at, asked, intended);
  if (!('meeting' in outcome)) return await hindered(deps, at, row, outcome);
  await limitPassed(deps, at.mailbox);
  const { id } = outcome.meeting;
  const isOther = row.webexMeetingId !== null && row.webexMeetingId !== id;
  const state = isOther ? 'rewriting' : row.state;
  const invited = isFresh
    ? await hashesOf(deps, asked.request.invitees, asked.key)
    : await peopleFollowed(deps, at, { ...row, webexMeetingId: id }, asked);
  const answer = { askedHash: asked.hash, askedKey: asked.key, invited, carried: null };
  const made: ArrangementRow = { ...row, ...answer, state, webexMeetingId: id };
  await deps.store.writeTogether((w) => w.putArrangement(made));
  return { kind: 'made', details: detailsOfMeeting(outcome.meeting), row: made };
}

/** The space first, known before anything stands in it; its people are asked for each time, who is in already stays. */
async function withSpace(
  deps: SyncDeps,
  at: Occasion,
  { members, title }: Asked,
  row: ArrangementRow,
): Promise<ArrangementRow> {
  if (row.kind !== 'space') return row;
  const spaceId = row.spaceId ?? (await deps.spaces.create(row.mark, title, row.intendedAt));
  if (spaceId === null) return { ...row, spaceId };
  const placed = { ...row, spaceId };
  await deps.store.writeTogether((w) => w.putArrangement(placed));
  const refused = await deps.spaces.addMembers(spaceId, members);
  if (refused.length > 0) await note(deps, at, 'SPACE_PEOPLE_LEFT_OUT');
  return placed;
}

interface Attempt {
  readonly row: ArrangementRow;
  readonly outcome: { readonly meeting: WebexMeeting } | MeetingObstacle;
  /** Whether the meeting was made by this very call. */
  readonly isFresh: boolean;
}

async function makeOrChange(
  deps: SyncDeps,
  at: Occasion,
  asked: Asked,
  intended: ArrangementRow,
): Promise<Attempt> {
  const row = await withSpace(deps, at, asked, intended);
  if (row.kind === 'space' && row.spaceId === null)
    return { row, outcome: { kind: 'space-refused' }, isFresh: false };
  if (row.webexMeetingId !== null) {
    const outcome = await deps.meetings.change(row.webexMeetingId, requestFor(asked, row));
    if (outcome.kind !== 'gone') return { row, outcome, isFresh: false };
  }
  // Whoever deleted the meeting may have deleted its space.
  const isElsewhere = row.webexMeetingId !== null && row.spaceId !== null;
  const placed = isElsewhere ? await withSpace(deps, at, asked, { ...row, spaceId: null }) : row;
  return { row: placed, ...(await created(deps, requestFor(asked, placed))) };
}

async function created(deps: SyncDeps, request: MeetingRequest): Promise<Omit<Attempt, 'row'>> {
  const outcome = await deps.meetings.create(request);
  if (outcome.kind !== 'found') return { outcome, isFresh: true };
  // An earlier call had made it for the event as it was then.
  const changed = await deps.meetings.change(outcome.meeting.id, request);
  return { outcome: 'meeting' in changed ? changed : outcome, isFresh: false };
}

function requestFor({ request }: Asked, { mark: tag, spaceId }: ArrangementRow): MeetingRequest {
  return { ...request, tag, spaceId };
}

async function hindered(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  obstacle: MeetingObstacle,
): Promise<Arranged> {
  if (obstacle.kind === 'host-refused') return { kind: 'none', code: 'HOST_REFUSED' };
  if (obstacle.kind === 'space-refused') return { kind: 'none', code: 'SPACE_REFUSED' };
  if (obstacle.kind === 'meeting-refused') return { kind: 'none', code: 'MEETING_REFUSED' };
  // Whatever was asked before: it is to be asked again.
  await deps.store.writeTogether((w) => w.putArrangement({ ...row, askedHash: null }));
  await limitReached(deps, at, obstacle.until);
  return { kind: 'none', code: 'MEETING_LIMIT_REACHED' };
}
