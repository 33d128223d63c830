import type { CalendarEvent } from './calendar-event.ts';
import type { Meeting } from './meeting.ts';

/**
 * Whether a room's copy of somebody else's meeting lost its text, and with it the way to join: what rooms do to every meeting
 * unless they are told otherwise (reference: graph.md 5.8).
 */
export function isStripped(
  { isOrganizer }: Pick<CalendarEvent, 'isOrganizer'>,
  { joinTarget, notes }: Pick<Meeting, 'joinTarget' | 'notes'>,
): boolean {
  return !isOrganizer && joinTarget === null && notes.trim() === '';
}
