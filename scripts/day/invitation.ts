import type { Happening } from './plan.ts';

export type Booking = Extract<Happening, { kind: 'book' }>;

const MINUTE_MS = 60_000;
const ZOOM = 'https://zoom.us/j/9';
const KEYWORDS = { 'personal-room': '@webex', space: '@meet' } as const;
/** The file that hangs on some of them. */
export const AGENDA = {
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: 'agenda.txt',
  contentType: 'text/plain',
  contentBytes: Buffer.from('1. Budget').toString('base64'),
} as const;

/** What the organiser writes: text, place, who may read it. */
export function words({ meeting, joining, isPrivate }: Booking): object {
  const link = joining === 'zoom' ? `<p>${ZOOM}${1_000_000_000 + meeting}</p>` : '';
  const place = `Hall ${meeting % 9}`;
  return {
    subject: `Meeting ${meeting}`,
    body: { contentType: 'html', content: `<p>Agenda of meeting ${meeting}</p>${link}` },
    location: { displayName: joining === 'zoom' ? place : `${KEYWORDS[joining]}, ${place}` },
    sensitivity: isPrivate ? 'private' : 'normal',
  };
}

/** A series of days in a row; nothing for a meeting that takes place once. */
export function recurrence(startAt: number, days: number): object {
  if (days === 1) return {};
  const startDate = new Date(startAt).toISOString().slice(0, 10);
  return {
    recurrence: {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate, numberOfOccurrences: days, recurrenceTimeZone: 'UTC' },
    },
  };
}

/** When it takes place, from an instant (epoch ms) on. */
export function times(startAt: number, minutes: number): object {
  return { start: wall(startAt), end: wall(startAt + minutes * MINUTE_MS) };
}

/** An instant (epoch ms) as Graph takes it. */
export function wall(at: number): { readonly dateTime: string; readonly timeZone: string } {
  return { dateTime: new Date(at).toISOString().slice(0, 19), timeZone: 'UTC' };
}
