import type { Meeting } from './meeting.ts';

const NOBODY = { name: '', address: '' } as const;

/**
 * What a room is given of a meeting: anybody may stand before its screen, so a private one keeps its time and its Join button and
 * loses subject, people and notes before it is sealed (reference: hybrid-calendar.md 4.3, row 50).
 */
export function roomView(meeting: Meeting): Meeting {
  if (meeting.sensitivity !== 'private' && meeting.sensitivity !== 'confidential') return meeting;
  return { ...meeting, subject: '', notes: '', organizer: NOBODY, participants: [] };
}
