import { z } from 'zod';

/** Graph spells enumerations in varying case, and leaves out or nulls what it has not (reference: graph.md 1.4). */
export function oneOf<const T extends string>(values: readonly T[], missing: T, unknown: T) {
  return z
    .unknown()
    .optional()
    .transform((value): T => {
      if (typeof value !== 'string' || value === '') return missing;
      const lower = value.toLowerCase();
      return values.find((one) => one.toLowerCase() === lower) ?? unknown;
    });
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const response = oneOf(
  ['none', 'organizer', 'tentativelyAccepted', 'accepted', 'declined', 'notResponded'],
  'none',
  'none',
);
const time = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });
const person = z
  .object({ emailAddress: z.object({ name: text, address: text }).nullish() })
  .nullish()
  .transform((value) => value?.emailAddress ?? { name: '', address: '' });
const attendee = z
  .object({
    type: oneOf(['required', 'optional', 'resource'], 'required', 'required'),
    status: z.object({ response }).nullish(),
    emailAddress: z.object({ name: text, address: text }).nullish(),
  })
  .transform(({ type, status, emailAddress }) => ({
    name: emailAddress?.name ?? '',
    address: emailAddress?.address ?? '',
    type,
    response: status?.response ?? 'none',
  }));

function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
}

/** Null when it is none, or one of a kind nobody knows: then its end is not known either. */
const recurrence = z
  .object({
    pattern: z.object({ type: z.string(), interval: z.number().default(1) }),
    range: z.object({
      type: z.enum(['endDate', 'noEnd', 'numbered']),
      endDate: text,
      numberOfOccurrences: z.number().nullish(),
    }),
  })
  .transform(({ pattern, range }) => ({
    pattern: pattern.type,
    interval: pattern.interval,
    range: range.type,
    endDate: range.endDate,
    count: range.numberOfOccurrences ?? 0,
  }))
  .nullish()
  .catch(null);

/** A Graph event; events are open types, so unknown members never fail. */
export const EVENT = z.object({
  '@odata.etag': text,
  id: z.string().min(1),
  changeKey: text,
  iCalUId: text,
  type: oneOf(['', 'singleInstance', 'seriesMaster', 'occurrence', 'exception'], '', ''),
  seriesMasterId: text,
  recurrence: z.unknown().optional(),
  /** The same member, read. */
  series: recurrence,
  subject: text,
  body: z
    .object({ contentType: oneOf(['html', 'text'], 'html', 'html'), content: text })
    .nullish()
    .transform((value) => value ?? { contentType: 'html' as const, content: '' }),
  onlineMeetingUrl: text,
  onlineMeeting: z.object({ joinUrl: text }).nullish(),
  start: time,
  end: time,
  isAllDay: flag,
  isCancelled: flag,
  isDraft: flag,
  isOrganizer: flag,
  hasAttachments: flag,
  // An unknown degree is treated as the careful one.
  sensitivity: oneOf(['normal', 'personal', 'private', 'confidential'], 'normal', 'private'),
  showAs: text,
  responseStatus: z.object({ response }).nullish(),
  organizer: person,
  attendees: list(attendee),
  singleValueExtendedProperties: list(z.object({ id: text, value: text })),
});

/** One row of a listing with few members, or of a delta round, where occurrences are thin. */
export const STUB = z.object({
  '@odata.etag': text,
  id: z.string().min(1),
  changeKey: text,
  type: oneOf(['', 'singleInstance', 'seriesMaster', 'occurrence', 'exception'], '', ''),
  seriesMasterId: text,
  recurrence: z.unknown().optional(),
  start: time.nullish().catch(null),
  lastModifiedDateTime: text.catch(''),
});
