const SEALED = { $ref: '#/components/schemas/Sealed' } as const;
const UUID = { type: 'string', format: 'uuid' } as const;
const INSTANT = { type: 'string', format: 'date-time', pattern: 'Z$' } as const;
const VERSION = { $ref: '#/components/schemas/Version' } as const;

/** An object that has these members and no others. */
function closed<P extends object>(properties: P, required: readonly (keyof P & string)[]) {
  return { type: 'object', additionalProperties: false, required, properties } as const;
}

/** An object that may grow. */
function open<P extends object>(properties: P, required: readonly (keyof P & string)[]) {
  return { type: 'object', required, properties } as const;
}

function outcome<const W extends string>(word: W) {
  return open({ outcome: { const: word } }, ['outcome']);
}

const KEY_URL = { type: 'string', pattern: '^kms://[^/]+/keys/[A-Za-z0-9_-]+$' } as const;
const JOIN_INFO = closed({ meetingJoinURI: SEALED, meetingJoinURL: SEALED }, []);

const PERSON = { encryptedEmailAddress: SEALED, encryptedName: SEALED } as const;

const PARTICIPANT = closed(
  {
    id: { ...UUID, description: 'UUID at Webex, where the person has one.' },
    type: { const: 'PERSON' },
    orgId: UUID,
    participantType: { enum: ['REQUIRED', 'OPTIONAL', 'RESOURCE'] },
    responseType: { enum: ['NO_RESPONSE', 'UNKNOWN_RESPONSE', 'ACCEPTED', 'TENTATIVE', 'DECLINED'] },
    ...PERSON,
  },
  ['type', 'participantType', 'responseType'],
);

const ITEM = closed(
  {
    id: { type: 'string', minLength: 1, description: 'Never used for another meeting.' },
    seriesId: { type: 'string', minLength: 1, description: 'The same for all meetings of a series.' },
    start: INSTANT,
    durationMinutes: { type: 'integer', minimum: 1 },
    organizer: { ...UUID, description: 'UUID at Webex.' },
    isRecurring: { type: 'boolean' },
    hasAttachments: { type: 'boolean' },
    meetingSensitivity: { type: 'string' },
    conversationId: { ...UUID, description: 'The space of the meeting.' },
    encryptionKeyUrl: KEY_URL,
    encryptedSubject: SEALED,
    encryptedLocation: SEALED,
    encryptedNotes: SEALED,
    encryptedOrganizer: closed(PERSON, []),
    encryptedParticipants: { type: 'array', items: { $ref: '#/components/schemas/Participant' } },
    webexURI: { ...SEALED, description: 'Video address of a personal room.' },
    webexURL: SEALED,
    spaceURI: SEALED,
    spaceURL: SEALED,
    spaceMeetURL: SEALED,
    meetingJoinInfo: JOIN_INFO,
    links: {
      type: 'array',
      items: closed({ href: { type: 'string', format: 'uri' }, rel: { type: 'string' } }, ['href', 'rel']),
    },
  },
  ['id', 'seriesId', 'start', 'durationMinutes', 'isRecurring', 'encryptionKeyUrl'],
);

const REMINDER = closed(
  {
    id: { type: 'string', minLength: 1, description: 'That of the meeting.' },
    start: INSTANT,
    end: { ...INSTANT, description: 'When it lapses; after the start.' },
    encryptionKeyUrl: KEY_URL,
    meetingJoinInfo: {
      ...JOIN_INFO,
      description:
        'What an app opens, and what a room device dials where that is another address. Empty for a meeting without a known way to join.',
    },
  },
  ['id', 'start', 'end', 'encryptionKeyUrl', 'meetingJoinInfo'],
);

const APP_EVENT = open(
  {
    id: { type: 'string', minLength: 1 },
    data: open(
      {
        eventType: { type: 'string', pattern: '^calendar\\.(meeting|reminder)\\.(create|update|delete)$' },
        calendarMeetingExternal: open({ id: { type: 'string', minLength: 1 } }, ['id']),
        calendarReminderExternal: open({ id: { type: 'string', minLength: 1 } }, ['id']),
      },
      ['eventType'],
    ),
  },
  ['id', 'data'],
);

const FRAMES = {
  AppEventFrame: APP_EVENT,
  AuthorizationFrame: open(
    {
      id: { type: 'string', minLength: 1 },
      type: { const: 'authorization' },
      data: open({ token: { type: 'string', pattern: '^Bearer ' } }, ['token']),
      trackingId: { type: 'string' },
    },
    ['id', 'type', 'data'],
  ),
  PingFrame: open({ id: { type: 'string', minLength: 1 }, type: { const: 'ping' } }, ['id', 'type']),
  PongFrame: open({ id: { type: 'string', minLength: 1 }, type: { const: 'pong' } }, ['id', 'type']),
  AckFrame: open({ messageId: { type: 'string', minLength: 1 }, type: { const: 'ack' } }, [
    'messageId',
    'type',
  ]),
  EventFrame: open(
    {
      id: { type: 'string', minLength: 1 },
      data: open(
        {
          eventType: { type: 'string', minLength: 1 },
          encryption: open({ kmsMessages: { type: 'array', items: { type: 'string' } } }, ['kmsMessages']),
        },
        ['eventType'],
      ),
      timestamp: { type: 'number' },
      trackingId: { type: 'string' },
    },
    ['id', 'data'],
  ),
} as const;

/** What goes over the wire, for the ingest profile. */
export const SCHEMAS = {
  Version: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  Sealed: {
    type: 'string',
    description:
      'A compact JWE with `alg` `dir` and an empty second part. `enc` is `A256GCM`, as stock Webex apps open it, or `XC20P` with `kid` and `ctx`. A `kid` names the key of the item.',
    pattern: '^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{22}$',
  },
  Participant: PARTICIPANT,
  Item: ITEM,
  Delivery: closed({ version: VERSION, item: { $ref: '#/components/schemas/Item' } }, ['version', 'item']),
  Reminder: REMINDER,
  ReminderDelivery: closed({ version: VERSION, reminder: { $ref: '#/components/schemas/Reminder' } }, [
    'version',
    'reminder',
  ]),
  Presence: {
    ...closed({ version: VERSION, eventType: { enum: ['ooo', 'active'] }, expiresTime: INSTANT }, [
      'version',
      'eventType',
    ]),
    if: { properties: { eventType: { const: 'active' } } },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: { not: { required: ['expiresTime'] } },
  },
  Created: outcome('created'),
  Updated: outcome('updated'),
  Withdrawn: outcome('withdrawn'),
  Fenced: open({ outcome: { const: 'fenced' }, version: VERSION }, ['outcome', 'version']),
  Error: open(
    {
      message: { type: 'string', minLength: 1 },
      errors: {
        type: 'array',
        minItems: 1,
        items: open({ description: { type: 'string', minLength: 1 } }, ['description']),
      },
      trackingId: { type: 'string', minLength: 1 },
    },
    ['message', 'errors', 'trackingId'],
  ),
  DeviceDescription: open(
    {
      deviceName: { type: 'string', minLength: 1 },
      deviceType: { enum: ['WEB', 'DESKTOP'] },
      localizedModel: { type: 'string' },
      model: { type: 'string' },
      name: { type: 'string' },
      systemName: { type: 'string' },
      systemVersion: { type: 'string' },
    },
    ['deviceName', 'deviceType'],
  ),
  Device: open(
    {
      url: { type: 'string', format: 'uri' },
      webSocketUrl: { type: 'string', format: 'uri', pattern: '^wss?://' },
      userId: UUID,
    },
    ['url', 'webSocketUrl'],
  ),
  ...FRAMES,
} as const;
