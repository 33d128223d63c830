import { z } from 'zod';
import { invalid } from './graph-refusal.ts';
import { type PatternedRecurrence, readRecurrence } from './series/recurrence.ts';

const ZONED = z.object({ dateTime: z.string(), timeZone: z.string().default('UTC') });
const LOCATION = z
  .looseObject({
    displayName: z.string().nullish(),
    locationType: z.string().nullish(),
    uniqueId: z.string().nullish(),
    uniqueIdType: z.string().nullish(),
  })
  .nullable();
const ATTENDEE = z.object({
  type: z.enum(['required', 'optional', 'resource']).nullish(),
  emailAddress: z.object({ address: z.string().min(1), name: z.string().nullish() }),
});
const FLAG = z.boolean().optional();

const WRITABLE = {
  subject: z.string().max(255).nullish(),
  body: z
    .object({
      contentType: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['html', 'text'])),
      content: z.string().nullish(),
    })
    .nullish(),
  start: ZONED.optional(),
  end: ZONED.optional(),
  location: LOCATION.optional(),
  locations: z.array(LOCATION).optional(),
  attendees: z.array(ATTENDEE).max(500).optional(),
  isAllDay: FLAG,
  importance: z.enum(['low', 'normal', 'high']).optional(),
  sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']).optional(),
  showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).optional(),
  categories: z.array(z.string()).optional(),
  reminderMinutesBeforeStart: z.int().optional(),
  isReminderOn: FLAG,
  responseRequested: FLAG,
  allowNewTimeProposals: FLAG,
  hideAttendees: FLAG,
  isOnlineMeeting: FLAG,
  onlineMeetingProvider: z
    .enum(['unknown', 'teamsForBusiness', 'skypeForBusiness', 'skypeForConsumer'])
    .optional(),
  transactionId: z.string().max(128).nullish(),
  recurrence: z.unknown().optional(),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).optional(),
};

// Known to Graph, set by Graph alone: passed over when a client sends back what it read.
const READ_ONLY = new Set(
  (
    'id createdDateTime lastModifiedDateTime changeKey originalStartTimeZone originalEndTimeZone originalStart iCalUId uid ' +
    'hasAttachments bodyPreview isCancelled isOrganizer isDraft seriesMasterId occurrenceId type webLink onlineMeetingUrl ' +
    'onlineMeeting responseStatus organizer cancelledOccurrences exceptionOccurrences instances calendar'
  ).split(' '),
);

const EXTENDED_ID =
  /^(String|Integer|Boolean|SystemTime|Double|Long) (\{[0-9a-f-]{36}\} (Name .+|Id 0x[0-9a-f]+)|0x[0-9a-f]+)$/i;

type Parsed = z.infer<z.ZodObject<typeof WRITABLE>>;

export interface EventInput extends Omit<Parsed, 'recurrence'> {
  /** Null takes it away; absent when it was not written. */
  readonly recurrence?: PatternedRecurrence | null;
}

/** Reads the JSON of a POST or a PATCH. Refuses what the service refuses. */
export function readEventInput(text: string): EventInput {
  const members = readObject(text);
  const names = Object.keys(members).filter((name) => !READ_ONLY.has(name) && !name.includes('@odata.'));
  for (const name of names) {
    if (!(name in WRITABLE)) {
      throw invalid(
        'RequestBodyRead',
        `The property '${name}' does not exist on type 'microsoft.graph.event'.`,
      );
    }
  }
  const parsed = z.object(WRITABLE).safeParse(Object.fromEntries(names.map((name) => [name, members[name]])));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') ?? '';
    throw invalid('ErrorInvalidParameter', `The value of the property '${where}' is not valid.`);
  }
  const { recurrence, ...plain } = parsed.data;
  refuseExtendedIds(plain);
  return recurrence === undefined ? plain : { ...plain, recurrence: readRecurrence(recurrence) };
}

/** The object in a request's JSON body; refuses anything else. */
export function readObject(text: string): Record<string, unknown> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw invalid('RequestBodyRead', 'A JSON object was expected in the request body.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('RequestBodyRead', 'The request body is not valid JSON.');
  }
}

function refuseExtendedIds(input: Pick<Parsed, 'singleValueExtendedProperties'>): void {
  for (const { id } of input.singleValueExtendedProperties ?? []) {
    if (!EXTENDED_ID.test(id))
      throw invalid('ErrorInvalidProperty', `PropertyId values may only be in one of the known formats.`);
  }
}
