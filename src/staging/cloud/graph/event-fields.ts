import type { CloudContext } from '../cloud-context.ts';
import type { EventInput } from './event-input.ts';
import { writtenLocations } from './event-locations.ts';
import type { Attendee, ExtendedProperty, GraphEvent } from './graph-event.ts';
import { NEVER, NO_RESPONSE } from './graph-event.ts';
import { invalid } from './graph-refusal.ts';
import { htmlOfText, previewOf, storedHtml } from './html-body.ts';
import { newItemId, newUid, webLinkOf } from './item-id.ts';
import { findOwner, type Owner } from './mailbox-owner.ts';
import { withOnlineMeeting } from './online-meeting.ts';
import {
  type DateTimeTimeZone,
  floatingMidnight,
  ianaZone,
  instantOf,
  timestamp,
  wallClock,
} from './time-zone.ts';

type Times = Pick<GraphEvent, 'start' | 'end' | 'originalStartTimeZone' | 'originalEndTimeZone' | 'isAllDay'>;

const ZERO: DateTimeTimeZone = { dateTime: '0001-01-01T00:00:00.0000000', timeZone: 'UTC' };

/** An event of this mailbox before anything was written into it. Change key and etag come with the first save. */
export function blankEvent(context: CloudContext, owner: Owner): GraphEvent {
  const id = newItemId(owner.guid);
  return {
    '@odata.etag': '',
    id,
    createdDateTime: timestamp(context.clock.now()),
    lastModifiedDateTime: timestamp(context.clock.now()),
    changeKey: '',
    categories: [],
    transactionId: null,
    originalStartTimeZone: 'UTC',
    originalEndTimeZone: 'UTC',
    iCalUId: newUid(),
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    hasAttachments: false,
    subject: '',
    bodyPreview: '',
    importance: 'normal',
    sensitivity: 'normal',
    isAllDay: false,
    isCancelled: false,
    isOrganizer: true,
    responseRequested: true,
    seriesMasterId: null,
    showAs: 'busy',
    type: 'singleInstance',
    webLink: webLinkOf(id),
    onlineMeetingUrl: null,
    isOnlineMeeting: false,
    onlineMeetingProvider: 'unknown',
    allowNewTimeProposals: true,
    occurrenceId: null,
    isDraft: false,
    hideAttendees: false,
    responseStatus: { response: 'organizer', time: NEVER },
    body: { contentType: 'html', content: storedHtml('') },
    start: ZERO,
    end: ZERO,
    location: { displayName: '', locationType: 'default' },
    locations: [],
    recurrence: null,
    attendees: [],
    organizer: { emailAddress: { name: owner.name, address: owner.address } },
    onlineMeeting: null,
  };
}

/** The event with what was written. Refuses impossible times; attendees who stay keep their answers. */
export function withInput(context: CloudContext, event: GraphEvent, input: EventInput): GraphEvent {
  const { subject, importance, sensitivity, showAs, categories, reminderMinutesBeforeStart, isReminderOn } =
    input;
  const { responseRequested, allowNewTimeProposals, hideAttendees, attendees } = input;
  const plain = {
    subject: subject === null ? '' : subject,
    ...{ importance, sensitivity, showAs, categories, reminderMinutesBeforeStart, isReminderOn },
    ...{ responseRequested, allowNewTimeProposals, hideAttendees },
    attendees: attendees === undefined ? undefined : writtenAttendees(context, event, attendees),
  };
  const written = { ...event, ...given(plain), ...writtenTimes(event, input), ...writtenLocations(input) };
  return withOnlineMeeting(event, { ...written, ...writtenBody(input) }, input);
}

/** The extended properties after a write: those with a new value replace, the others stay. Ids compare without case. */
export function withExtended(
  before: readonly ExtendedProperty[],
  written: readonly ExtendedProperty[] = [],
): readonly ExtendedProperty[] {
  const merged = new Map([...before, ...written].map((one) => [one.id.toLowerCase(), one]));
  return [...merged.values()];
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(values: T): Given<T> {
  // Object.entries forgets the type; only members without a value are left out.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

function writtenBody({ body }: EventInput): Pick<GraphEvent, 'body' | 'bodyPreview'> | object {
  if (body === undefined) return {};
  const text = body?.content ?? '';
  const content = body?.contentType === 'text' ? htmlOfText(text) : storedHtml(text);
  return { body: { contentType: 'html', content }, bodyPreview: previewOf(content) };
}

function writtenAttendees(
  context: CloudContext,
  event: GraphEvent,
  wanted: NonNullable<EventInput['attendees']>,
): readonly Attendee[] {
  const before = new Map(event.attendees.map((one) => [one.emailAddress.address.toLowerCase(), one.status]));
  return wanted.map(({ type, emailAddress }) => {
    const { address } = emailAddress;
    const name = emailAddress.name ?? findOwner(context, address)?.name ?? address;
    const status = before.get(address.toLowerCase()) ?? NO_RESPONSE;
    return { type: type ?? 'required', status, emailAddress: { name, address } };
  });
}

function writtenTimes(event: GraphEvent, input: EventInput): Times | object {
  const { start, end, isAllDay = event.isAllDay } = input;
  if (start === undefined && end === undefined && isAllDay === event.isAllDay) return {};
  const [from, to] = [readTime(start ?? event.start, isAllDay), readTime(end ?? event.end, isAllDay)];
  if (to < from || (isAllDay && to === from)) {
    throw invalid('ErrorPropertyValidationFailure', 'The end of an event must not be before its start.');
  }
  return {
    isAllDay,
    start: wallClock(from),
    end: wallClock(to),
    originalStartTimeZone: start?.timeZone ?? event.originalStartTimeZone,
    originalEndTimeZone: end?.timeZone ?? event.originalEndTimeZone,
  };
}

function readTime(time: DateTimeTimeZone, isAllDay: boolean): number {
  ianaZone(time.timeZone);
  if (!isAllDay) return instantOf(time);
  const midnight = floatingMidnight(time);
  if (midnight !== null) return midnight;
  throw invalid('ErrorInvalidRequest', 'Start and end of an all-day event need to be set to midnight.');
}
