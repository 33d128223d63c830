import type { CalendarEvent } from '../calendar-event.ts';
import type { HtmlReading } from '../html-text.ts';

/** What of an invitation can say how the meeting is joined, wherever it came from. */
export interface Invitation {
  /** What the calendar itself knows of an online meeting: links, or texts with links. */
  readonly onlineMeeting: readonly string[];
  /** The texts of the places, leftmost first. */
  readonly locations: readonly string[];
  /** The bodies as they are read; a mail may have several. */
  readonly bodies: readonly HtmlReading[];
}

export function invitationOf(event: CalendarEvent, body: HtmlReading): Invitation {
  return {
    onlineMeeting: event.onlineMeetingUrl === null ? [] : [event.onlineMeetingUrl],
    locations: event.locations.flatMap(({ raw, displayName, uri }) => {
      const { uniqueId } = raw;
      const texts = [displayName, uri ?? '', typeof uniqueId === 'string' ? uniqueId : ''];
      return [...new Set(texts)].filter((text) => text !== '');
    }),
    bodies: [body],
  };
}
