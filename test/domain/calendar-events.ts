import type { CalendarEvent } from '../../src/domain/calendar-event.ts';

export const NOW = Date.UTC(2026, 10, 23, 9);
const HOUR = 3_600_000;

/** A plain event of tomorrow, organised by the mailbox's owner. */
export function anEvent(change: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    id: 'AAMk-1',
    changeKey: 'ck1',
    etag: 'W/"ck1"',
    iCalUId: 'uid-1',
    type: 'singleInstance',
    seriesMasterId: null,
    subject: 'Budget',
    bodyType: 'html',
    body: '<html><body><p>See you</p></body></html>',
    locations: [],
    onlineMeetingUrl: null,
    startAt: NOW + 24 * HOUR,
    endAt: NOW + 25 * HOUR,
    lastEndAt: change.endAt ?? NOW + 25 * HOUR,
    recurrence: null,
    isAllDay: false,
    isCancelled: false,
    isDraft: false,
    isOrganizer: true,
    hasAttachments: false,
    sensitivity: 'normal',
    showAs: 'busy',
    response: 'organizer',
    organizer: { name: 'Ann', address: 'ann@nordwind.example' },
    attendees: [],
    mark: null,
    ...change,
  };
}

export function at(...names: string[]): CalendarEvent['locations'] {
  return names.map((displayName) => ({
    displayName,
    uri: null,
    raw: { displayName, locationType: 'default' },
  }));
}
