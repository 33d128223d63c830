import type { FinalMeeting } from './change-plan.ts';
import type { Violation } from './judge.ts';

/** A meeting as its owner sees it, in the calendar or in Webex. */
export interface Sight {
  /** Null: it has none. */
  readonly subject: string | null;
  /** ISO instant. */
  readonly start: string;
  readonly joinUrl: string | null;
}

/** An event of the simulated calendar, as far as the meetings list depends on it. */
export interface CalendarEvent {
  readonly id: string;
  readonly iCalUId: string;
  readonly subject: string;
  readonly start: { readonly dateTime: string };
  readonly isCancelled: boolean;
  readonly isOrganizer: boolean;
  readonly responseStatus: { readonly response: string };
}
export const SELECTED = 'id,iCalUId,subject,start,isCancelled,isOrganizer,responseStatus';

/** What the meetings list must show for a calendar: everything that is neither cancelled nor declined. */
export function expectedList(
  calendar: readonly CalendarEvent[],
  joinUrlOf: (iCalUId: string) => string | null,
): Sight[] {
  return calendar
    .filter(({ isCancelled, responseStatus }) => !isCancelled && responseStatus.response !== 'declined')
    .map(({ subject, start, iCalUId }) => ({
      subject,
      start: instantOf(start),
      joinUrl: joinUrlOf(iCalUId),
    }));
}

/** Whether a list is the calendar: nothing missing, nothing too much, nothing different. */
export function judgeList(mailbox: string, expected: readonly Sight[], shown: readonly Sight[]): Violation[] {
  const missing = without(expected, shown);
  const surplus = without(shown, expected);
  if (missing.length === 0 && surplus.length === 0) return [];
  const what = `the list of ${mailbox} is not the calendar: ${missing.length} missing, ${surplus.length} too much`;
  return [{ rule: 'lost', what, facts: { mailbox, missing, surplus } }];
}

/** The calendar itself must hold what its people did: else the oracle would be wrong. */
export function judgeCalendar(
  calendar: readonly CalendarEvent[],
  meetings: readonly (FinalMeeting & { readonly eventId: string })[],
  startOf: (minute: number) => string,
): Violation[] {
  const own = new Map(calendar.filter(({ isOrganizer }) => isOrganizer).map((event) => [event.id, event]));
  return meetings.flatMap((meeting): Violation[] => {
    const event = own.get(meeting.eventId);
    const asMade =
      meeting.fate === 'stands'
        ? event?.subject === meeting.subject && instantOf(event.start) === startOf(meeting.startMinute)
        : event === undefined;
    const what = 'the simulated calendar lost a change';
    return asMade ? [] : [{ rule: 'broken', what, facts: { meeting, event } }];
  });
}

function instantOf({ dateTime }: CalendarEvent['start']): string {
  return new Date(`${dateTime.slice(0, 19)}Z`).toISOString();
}

/** What is in the first and not in the second; equal ones are counted. */
function without(first: readonly Sight[], second: readonly Sight[]): Sight[] {
  const left = second.map(textOf);
  return first.filter((sight) => {
    const found = left.indexOf(textOf(sight));
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
}

function textOf({ subject, start, joinUrl }: Sight): string {
  return JSON.stringify([subject, start, joinUrl]);
}
