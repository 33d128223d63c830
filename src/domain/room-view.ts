import type { Meeting } from './meeting.ts';

export function isPrivate({ sensitivity }: Pick<Meeting, 'sensitivity'>): boolean {
  return sensitivity === 'private' || sensitivity === 'confidential';
}

const NOBODY = { name: '', address: '' } as const;

/**
 * What a room is given of a meeting: anybody may stand before its screen, so a private one keeps its time and its Join button and
 * loses subject, people and notes before it is sealed (reference: hybrid-calendar.md 4.3, row 50).
 */
export function roomView(meeting: Meeting): Meeting {
  if (!isPrivate(meeting)) return meeting;
  return { ...meeting, subject: '', notes: '', organizer: NOBODY, participants: [] };
}
