import { isMailboxAddress, normaliseAddress } from './address.ts';
import type { CalendarEvent } from './calendar-event.ts';
import type { MeetingRequest } from './scheduling-ports.ts';
import { webexSpan } from './webex-span.ts';

/** Bounds of Webex (reference: webex.md 4.4). */
const TITLE_MAX = 128;
const INVITEES_MAX = 1_000;
/** A whole day in the calendar: 25 hours when the clock is turned back. */
const WHOLE_DAY_MS = 25 * 60 * 60_000;

/** What the administrator lets leave in clear besides the owner's address (design D4); both off by default. */
export interface Sharing {
  /** `scheduling.share_title` */
  readonly title: boolean;
  /** `scheduling.share_people` */
  readonly people: boolean;
}

/** What a meeting is made for: one event, or a series whose next occurrence lies at `startAt`. */
export interface Wish {
  readonly event: Pick<CalendarEvent, 'subject' | 'sensitivity' | 'attendees'>;
  /** Epoch milliseconds. */
  readonly startAt: number;
  readonly endAt: number;
  /** IANA zone in which the meeting recurs and is shown. */
  readonly zone: string;
  /** RFC 2445; null for a meeting that does not recur. */
  readonly rule: string | null;
  /** Address of the owner of the calendar. */
  readonly hostAddress: string;
  /** Whether the meeting belongs to a space. */
  readonly inSpace: boolean;
  /** Stands for the subject where that must not leave, in the language of the mailbox. */
  readonly neutralTitle: string;
}

export type MeetingWish =
  | { readonly kind: 'request'; readonly request: Omit<MeetingRequest, 'tag' | 'spaceId'> }
  /** Webex makes no meetings of the past, and none that last longer than a day. */
  | { readonly kind: 'refused'; readonly reason: 'PAST' | 'LONGER_THAN_A_DAY' };

/**
 * What is asked of Webex for a wish. Subject and invitees leave only where they are shared, and of private meetings never; names,
 * body and places never leave. Meetings shorter than Webex allows get its shortest length, whole days its longest.
 */
export function meetingRequest(wish: Wish, sharing: Sharing, now: number): MeetingWish {
  if (wish.startAt < now && (wish.rule !== null || wish.endAt <= now)) return refused('PAST');
  if (wish.endAt - wish.startAt > WHOLE_DAY_MS) return refused('LONGER_THAN_A_DAY');
  const { startAt, endAt } = webexSpan(wish.startAt, wish.endAt, now);
  const { hostAddress, zone, rule } = wish;
  const shared = { title: titleOf(wish, sharing), invitees: inviteesOf(wish, sharing) };
  return { kind: 'request', request: { hostAddress, zone, rule, startAt, endAt, ...shared } };
}

function titleOf({ event, neutralTitle }: Pick<Wish, 'event' | 'neutralTitle'>, sharing: Sharing): string {
  const subject = event.subject.toWellFormed().replace(/\s+/g, ' ').trim();
  const leaves = sharing.title && !isPrivate(event) && subject !== '';
  return cut(leaves ? subject : neutralTitle, TITLE_MAX);
}

/** No character is cut in two. */
function cut(text: string, length: number): string {
  const whole = text.slice(0, length);
  return whole.isWellFormed() ? whole : whole.slice(0, -1);
}

// Rooms join by the invitation's address; they are no people.
function inviteesOf({ event, hostAddress, inSpace }: Wish, sharing: Sharing): readonly string[] {
  // Without a list Webex invites everybody in the space by itself.
  if (!sharing.people || isPrivate(event) || inSpace) return [];
  const people = event.attendees.filter(({ type }) => type !== 'resource');
  const addresses = new Set(people.map(({ address }) => normaliseAddress(address)));
  addresses.delete(normaliseAddress(hostAddress));
  // One that is no address would cost everybody the meeting.
  return [...addresses].filter(isMailboxAddress).slice(0, INVITEES_MAX);
}

function isPrivate({ sensitivity }: Wish['event']): boolean {
  return sensitivity !== 'normal';
}

function refused(reason: 'PAST' | 'LONGER_THAN_A_DAY'): MeetingWish {
  return { kind: 'refused', reason };
}
