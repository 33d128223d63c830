import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { CalendarEvent, EventLocation, EventStub, EventType } from '../domain/calendar-event.ts';
import { seriesEndsAt } from '../domain/series-end.ts';
import { EVENT, STUB } from './event-json.ts';
import { instantOf } from './graph-time.ts';
import { recurrenceIn } from './recurrence-json.ts';

/** Our extended property: one name for ever, since named properties are a finite resource of a mailbox (graph.md 5.4). */
export const MARK_PROPERTY = 'String {6f1e2c94-8d0b-4b57-9a3e-5c7d41f08ab6} Name HybridCalendar';

const RAW_LOCATIONS = z.object({
  location: z.record(z.string(), z.unknown()).nullish().catch(null),
  locations: z.array(z.record(z.string(), z.unknown())).nullish().catch(null),
});

type Parsed = z.infer<typeof EVENT>;

/** A Graph event as the appliance understands it. Throws AppError `UNPARSABLE_EVENT`. */
export function parseEvent(json: unknown): CalendarEvent {
  const event = EVENT.safeParse(withSeries(json)).data;
  const startAt = event === undefined ? null : at(event.start);
  const endAt = event === undefined ? null : at(event.end);
  if (event === undefined || startAt === null || endAt === null) throw unparsable();
  const changeKey = changeKeyOf(event);
  return {
    id: event.id,
    changeKey,
    etag: event['@odata.etag'] || `W/"${changeKey}"`,
    iCalUId: event.iCalUId,
    type: typeOf(event),
    seriesMasterId: event.seriesMasterId || null,
    subject: event.subject,
    bodyType: event.body.contentType,
    body: event.body.content,
    locations: locationsOf(json),
    onlineMeetingUrl: event.onlineMeeting?.joinUrl || event.onlineMeetingUrl || null,
    startAt,
    endAt,
    lastEndAt: lastEndOf(event, startAt, endAt),
    recurrence: typeOf(event) === 'seriesMaster' ? recurrenceIn(event.recurrence) : null,
    isAllDay: event.isAllDay,
    isCancelled: event.isCancelled,
    isDraft: event.isDraft,
    isOrganizer: event.isOrganizer,
    hasAttachments: event.hasAttachments,
    sensitivity: event.sensitivity,
    showAs: event.showAs,
    response: event.responseStatus?.response ?? 'none',
    organizer: event.organizer,
    attendees: event.attendees,
    mark: markOf(event),
  };
}

/** A row of a listing or delta round; null when it does not even have an id. */
export function parseStub(json: unknown): EventStub | null {
  const row = STUB.safeParse(json).data;
  if (row === undefined) return null;
  return {
    id: row.id,
    changeKey: changeKeyIn(row) ?? null,
    type: typeOf(row),
    seriesMasterId: row.seriesMasterId || null,
    startAt: row.start ? at(row.start) : null,
    modifiedAt: Date.parse(row.lastModifiedDateTime) || null,
  };
}

function at(time: Parsed['start']): number | null {
  // The answer is asked for in UTC; a zone is missing only where it went without saying.
  return instantOf(time.dateTime, time.timeZone || 'UTC');
}

// The change key is the etag without its wrapping; old recordings and narrow selections hold only that.
function changeKeyOf(event: Versioned): string {
  const key = changeKeyIn(event);
  if (key === undefined) throw unparsable();
  return key;
}

interface Versioned {
  readonly changeKey: string;
  readonly '@odata.etag': string;
}

function changeKeyIn(event: Versioned): string | undefined {
  return event.changeKey || /^W\/"(.+)"$/.exec(event['@odata.etag'])?.[1];
}

/** `recurrence` decides what an event is even when its content can't be read, so it is looked at twice. */
function withSeries(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'recurrence' in json
    ? { ...json, series: json.recurrence }
    : json;
}

function lastEndOf(event: Parsed, startAt: number, endAt: number): number | null {
  if (typeOf(event) !== 'seriesMaster') return endAt;
  return event.series === null || event.series === undefined
    ? null
    : seriesEndsAt(event.series, startAt, endAt);
}

function typeOf(event: Pick<Parsed, 'type' | 'seriesMasterId' | 'recurrence'>): EventType {
  if (event.type !== '') return event.type;
  if (event.seriesMasterId !== '') return 'occurrence';
  return event.recurrence === null || event.recurrence === undefined ? 'singleInstance' : 'seriesMaster';
}

// Read from the raw JSON, so that a write can hand each place back as it came.
function locationsOf(json: unknown): EventLocation[] {
  const { location, locations } = RAW_LOCATIONS.parse(json);
  const places =
    locations !== null && locations !== undefined && locations.length > 0 ? locations : [location];
  return places.flatMap((raw) => {
    const displayName = textOf(raw?.displayName);
    const uri = textOf(raw?.locationUri) || null;
    return raw && (displayName !== '' || uri !== null) ? [{ displayName, uri, raw }] : [];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Exchange may change the case of the property's GUID. */
function markOf(event: Parsed): string | null {
  const wanted = MARK_PROPERTY.toLowerCase();
  const property = event.singleValueExtendedProperties.find(({ id }) => id.toLowerCase() === wanted);
  return property?.value || null;
}

function unparsable(): AppError {
  return new AppError({
    code: 'invalid',
    reason: 'UNPARSABLE_EVENT',
    message: 'Microsoft Graph sent an event that the appliance cannot read; it is left as it is.',
    upstream: 'graph',
  });
}
