import type { CalendarEvent } from './calendar-event.ts';
import { type HtmlReading, readBody } from './html-text.ts';
import { invitationOf } from './join-target/invitation.ts';
import type { JoinRules, JoinSource } from './join-target/join-source.ts';
import { decideJoinTarget, type JoinDecision } from './join-target/join-target.ts';
import type { ListWindow, Meeting } from './meeting.ts';
import type { TraceCode } from './trace.ts';

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

/**
 * One mailbox's view of the meeting, as it will be sealed. `oursFirst`: the Join button goes to what was arranged for a keyword,
 * whatever else stands in the invitation.
 */
export function meetingOf(event: CalendarEvent, rules: JoinRules, oursFirst = false): MeetingReading {
  // Parsing is most of the work of this function: once for both.
  const body = readBody(event.bodyType, event.body);
  // A keyword asks for an arrangement, which was decided before; where none was made, whatever else is there joins.
  const others = rules.order.filter((source) => source !== 'keyword');
  const order = oursFirst ? [...new Set<JoinSource>(['block', ...others])] : others;
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
    response: event.response,
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
