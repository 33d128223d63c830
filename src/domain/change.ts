import { getDomain } from 'tldts';
import type { CalendarEvent } from './calendar-event.ts';
import { type HtmlReading, readBody } from './html-text.ts';
import { findJoinBlock, withJoinBlock, withoutJoinBlock } from './join-block/join-block.ts';
import {
  type JoinBlockSettings,
  type JoinDetails,
  joinBlockOf,
  ownTexts,
} from './join-block/join-details.ts';
import { invitationOf } from './join-target/invitation.ts';
import type { JoinRules } from './join-target/join-source.ts';
import { decideJoinTarget, type JoinDecision } from './join-target/join-target.ts';
import { findKeyword, type KeywordHit, type Keywords } from './keyword.ts';
import type { ListWindow, Meeting } from './meeting.ts';
import type { EventWrite, PersonalRoom } from './ports.ts';
import type { TraceCode } from './trace.ts';

/** Whether a keyword asks for an arrangement, and if not, why. */
export type Decoration =
  | { readonly kind: 'arrange'; readonly keyword: KeywordHit }
  | { readonly kind: 'none'; readonly code: TraceCode | null };

/** Decides whether to write to this event. Only the organiser's copy is ever written (design D2). */
export function decideDecoration(event: CalendarEvent, keywords: Keywords, now: number): Decoration {
  const keyword = findKeyword(
    event.locations.map((location) => location.displayName),
    keywords,
  );
  if (keyword === null) return { kind: 'none', code: null };
  const code = obstacle(event, keyword, now);
  return code === null ? { kind: 'arrange', keyword } : { kind: 'none', code };
}

function obstacle(event: CalendarEvent, keyword: KeywordHit, now: number): TraceCode | null {
  if (!event.isOrganizer) return 'NOT_ORGANIZER';
  if (event.isCancelled) return 'CANCELLED';
  if (event.isDraft) return 'DRAFT';
  if (event.lastEndAt !== null && event.lastEndAt <= now) return 'PAST';
  // A plain occurrence only shows its master's location: the master is decorated.
  if (event.type === 'occurrence') return 'IN_SERIES';
  if (keyword.arrangement !== 'personal-room') return 'ARRANGEMENT_NOT_SUPPORTED';
  return null;
}

/** What a join block looks like to this organiser. */
export interface JoinBlockLook {
  readonly settings: JoinBlockSettings;
  /** Of the organiser's mailbox, e.g. `sv-SE`; null when nobody chose one. */
  readonly locale: string | null;
}

/** The one write of a settled change: the keyword's place gets the meeting's address, the body its join block. */
export function decorate(
  event: CalendarEvent,
  keyword: KeywordHit,
  room: PersonalRoom,
  mark: string,
  look: JoinBlockLook,
): EventWrite {
  const locations = event.locations.map((location, index) => {
    if (index !== keyword.locationIndex) return location.raw;
    const name = location.displayName;
    const displayName = name.slice(0, keyword.start) + room.url + name.slice(keyword.end);
    return { ...location.raw, displayName };
  });
  const block = joinBlockOf(detailsOf(room), look.settings, look.locale);
  const before = { contentType: event.bodyType, content: event.body };
  const body = withJoinBlock(before, block, ownTexts(look.settings));
  return body === null ? { locations, mark } : { locations, mark, body };
}

/** What becomes of an arrangement whose event has no keyword any more. */
export type Standing =
  /** Our address stands in a location. Whether the block stands too is the owner's matter: it is not put back. */
  | { readonly kind: 'stands' }
  /** Our address is gone from every location: the arrangement ends, and the block goes with it where it still stands. */
  | { readonly kind: 'ended'; readonly write: EventWrite | null };

/** Decides about an arrangement that was written into this event before. */
export function standingOf(event: CalendarEvent, mark: string, settings: JoinBlockSettings): Standing {
  const before = { contentType: event.bodyType, content: event.body };
  const texts = ownTexts(settings);
  const places = event.locations
    .flatMap(({ displayName, uri }) => [displayName, uri ?? ''])
    .map((place) => place.toLowerCase());
  const block = findJoinBlock(before, texts);
  // Without the block nobody can tell any more which address was ours: one of Webex counts as it.
  const stands =
    block === null
      ? places.flatMap(addressesIn).some(isWebex)
      : addressesIn(block.text).some((ours) => places.some((place) => place.includes(ours)));
  if (stands) return { kind: 'stands' };
  const body = withoutJoinBlock(before, texts);
  return { kind: 'ended', write: body === null ? null : { body, mark } };
}

/** Links and video addresses of a text, in lower case. */
function addressesIn(text: string): string[] {
  return text.toLowerCase().match(/[^\s<>()[\]"';,]*(?::\/\/|@)[^\s<>()[\]"';,]+/gu) ?? [];
}

function isWebex(address: string): boolean {
  return (
    getDomain(address.includes('://') ? address : address.slice(address.indexOf('@') + 1)) === 'webex.com'
  );
}

/** What is read of a personal room. */
function detailsOf({ url, sip, meetingNumber }: PersonalRoom): JoinDetails {
  return { link: url, videoAddress: sip, meetingNumber, password: null, phones: [], accessCode: null };
}

/** Why an event does not stand in the meetings list of this mailbox; null when it does. */
export function listObstacle(event: CalendarEvent, window: ListWindow): TraceCode | null {
  if (event.isCancelled) return 'CANCELLED';
  if (event.isDraft) return 'DRAFT';
  if (event.response === 'declined') return 'DECLINED';
  if (event.endAt <= window.from || event.startAt >= window.to) return 'OUT_OF_WINDOW';
  return null;
}

const NOTES_MAX = 10_000;

/** What is sealed of an event, and how its join target was found. */
export interface MeetingReading {
  readonly meeting: Meeting;
  readonly decision: JoinDecision;
}

/** One mailbox's view of the meeting, as it will be sealed. */
export function meetingOf(event: CalendarEvent, rules: JoinRules): MeetingReading {
  // Parsing is most of the work of this function: once for both.
  const body = readBody(event.bodyType, event.body);
  // A keyword asks for an arrangement, which was decided before; where none was made, whatever else is there joins.
  const order = rules.order.filter((source) => source !== 'keyword');
  const decision = decideJoinTarget(invitationOf(event, body), { ...rules, order });
  return { meeting: meetingWith(event, body, decision), decision };
}

function meetingWith(event: CalendarEvent, body: HtmlReading, { winner }: JoinDecision): Meeting {
  return {
    subject: event.subject,
    location: event.locations.map((location) => location.displayName).join('; '),
    notes: body.text.slice(0, NOTES_MAX),
    organizer: event.organizer,
    participants: event.attendees,
    joinTarget: winner,
    iCalUId: event.iCalUId,
    seriesId: event.seriesMasterId ?? event.id,
    isRecurring: event.type !== 'singleInstance',
    isAllDay: event.isAllDay,
    hasAttachments: event.hasAttachments,
    sensitivity: event.sensitivity,
    startAt: event.startAt,
    endAt: event.endAt,
  };
}
