import { ANSWERS } from './ingest-profile-answers.ts';
import { SCHEMAS } from './ingest-profile-schemas.ts';

/** Grows with what a cloud side has to do; the second number with what it may do. */
export const INGEST_PROFILE_VERSION = '2.0.0';

const MAIN = `The appliance delivers what it has sealed. It is the only writer; the cloud side keeps the newest version of everything
and shows it to the people concerned. Nothing here is readable without a key of the customer's own KMS.

**Versions.** Every meeting of every user, the reminder of every meeting, and the presence of every user, has a version that grows with each change. A delivery
is taken when its version is newer than what is held; else the answer is 409 with \`fenced\` and the version that is held, and nothing
changes. So any delivery may be repeated and may overtake another. A withdrawal leaves its version behind: an older delivery that
comes late stays out, and a newer one creates the meeting anew. What was never held is withdrawn all the same. Versions of one
meeting say nothing about its reminder, another meeting, another user, or presence. Answers are given only when what they say is durable.

**Items.** A member that can't be filled is left out. Every sensitive member is a compact JWE under the one key that
\`encryptionKeyUrl\` names. An item with other members, or with anything sensitive in clear, is refused with 400 and not kept. A delivery
of up to 1 MiB is taken, since an invitation may have five hundred people; a larger one is refused with 413.

**Reminders.** The appliance keeps the time: a reminder comes when the Join button is to be shown, minutes before the start, and is to
reach the person or room within a second. Late ones come after an outage as long as the meeting runs. It is told again only when its
time, its end or its join address has changed, and taken back when the meeting is cancelled, declined or put off.

**Connected apps.** See \`x-app-events\`.

**Errors** have the shape of Error; their texts are for people. 423 and 429 tell in Retry-After when to come again, in whole seconds or as
an HTTP date; the appliance waits for so long. 5xx and broken connections are tried again. 400 and 413 are never repeated.

**Event WebSocket.** See \`x-event-socket\`.`;

const USER = {
  name: 'userId',
  in: 'path',
  required: true,
  description: 'UUID of a person, or of the machine account of a room, in any case.',
  schema: { type: 'string', format: 'uuid' },
} as const;
const MEETING = {
  name: 'meetingId',
  in: 'path',
  required: true,
  description: 'The id of the item in UTF-8, as base64url without padding.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
} as const;

const json = (schema: string) =>
  ({
    required: true,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  }) as const;

const VERSION_QUERY = {
  name: 'version',
  in: 'query',
  required: true,
  schema: { $ref: '#/components/schemas/Version' },
} as const;

/** What is told of one meeting of one user under a growing version, and taken back under the next. */
function fencedPath<const P extends object, const D extends object>(put: P, body: string, withdrawal: D) {
  return {
    parameters: [USER, MEETING],
    put: {
      ...put,
      requestBody: json(body),
      responses: {
        200: { $ref: '#/components/responses/Updated' },
        201: { $ref: '#/components/responses/Created' },
        409: { $ref: '#/components/responses/Fenced' },
        413: { $ref: '#/components/responses/Error' },
        415: { $ref: '#/components/responses/Error' },
        ...ANSWERS.refusals,
      },
    },
    delete: {
      ...withdrawal,
      parameters: [VERSION_QUERY],
      responses: {
        200: { $ref: '#/components/responses/Withdrawn' },
        409: { $ref: '#/components/responses/Fenced' },
        ...ANSWERS.refusals,
      },
    },
  } as const;
}

const MEETINGS = fencedPath(
  { operationId: 'putMeeting', summary: 'Create or update a meeting in the list of one user' },
  'Delivery',
  { operationId: 'withdrawMeeting', summary: 'Take a meeting out of the list of one user' },
);

const REMINDERS = fencedPath(
  {
    operationId: 'putReminder',
    summary: 'Show one user the Join button of a meeting',
    description:
      'It is shown at once and lapses at `end`. 201 when none was shown for this meeting; else what is shown is replaced without being announced once more (200). The meeting itself need not be in the list yet.',
  },
  'ReminderDelivery',
  { operationId: 'withdrawReminder', summary: 'Take the Join button of a meeting away' },
);

const PRESENCE = {
  parameters: [USER],
  put: {
    operationId: 'putPresence',
    summary: 'Say whether a person is out of office',
    description:
      '`ooo` shows the person as out of office until `expiresTime`, and without it until told otherwise; `active` takes it away. What has an end lapses by itself.',
    requestBody: json('Presence'),
    responses: {
      200: { $ref: '#/components/responses/Updated' },
      409: { $ref: '#/components/responses/Fenced' },
      ...ANSWERS.refusals,
    },
  },
} as const;

const DEVICE_SERVERS = [
  {
    url: '{wdm_url}',
    description: 'webex.wdm_url of the appliance',
    variables: { wdm_url: { default: 'https://devices.example.com/wdm/api/v1' } },
  },
] as const;

const DEVICES = {
  servers: DEVICE_SERVERS,
  post: {
    operationId: 'registerDevice',
    summary: 'Register the appliance for an event WebSocket',
    requestBody: json('DeviceDescription'),
    responses: {
      200: { $ref: '#/components/responses/Registered' },
      400: { $ref: '#/components/responses/Error' },
      ...ANSWERS.troubles,
    },
  },
} as const;

const DEVICE = {
  servers: DEVICE_SERVERS,
  parameters: [{ name: 'deviceId', in: 'path', required: true, schema: { type: 'string' } }],
  delete: {
    operationId: 'unregisterDevice',
    summary: 'Take the registration back; the open WebSocket of the device is closed',
    description: 'The address is the `url` of the registration.',
    responses: {
      204: { description: 'Gone.' },
      404: { $ref: '#/components/responses/Error' },
      ...ANSWERS.troubles,
    },
  },
} as const;

/** How the WebSocket is spoken: OpenAPI has no words for it. */
const EVENT_SOCKET = {
  description:
    'The appliance opens `webSocketUrl` of its registration with the query `outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true`. All frames are texts with JSON. Frames with unknown members or events are to be acknowledged and passed over.',
  fromAppliance: ['AuthorizationFrame', 'PingFrame', 'PongFrame', 'AckFrame'],
  fromCloud: ['EventFrame', 'PingFrame', 'PongFrame'],
  rules: [
    'The first frame is the authorization, within ten seconds after opening. The cloud answers it with an event `mercury.buffer_state` or `mercury.registration_status`; nothing is sent before.',
    'Every event has an id of its own and is acknowledged under it.',
    'A ping is answered by a pong with its id. The appliance pings every 15 seconds and gives the connection up when nothing is heard for 14 seconds after it.',
    'Answers of the KMS come as `encryption.kms_message`, each text of `encryption.kmsMessages` as the KMS sent it.',
  ],
  closeCodes: {
    4400: 'the first frame was no authorization',
    4401: 'the token is not valid, or came too late: the appliance refreshes it',
    4403: 'the device is another account’s',
    4000: 'another connection of the same device took its place',
    1003: 'the last frame was not understood',
  },
} as const;

/** What the cloud side pushes to the apps and devices of the user concerned, over their own event WebSockets. */
const APP_EVENTS = {
  description:
    'Whatever was taken is pushed at once to every connected app or device of that user, and to nobody else, as an AppEventFrame. The content stays sealed.',
  meetings: ['calendar.meeting.create', 'calendar.meeting.update', 'calendar.meeting.delete'],
  reminders: ['calendar.reminder.create', 'calendar.reminder.update', 'calendar.reminder.delete'],
  rules: [
    '`calendarMeetingExternal` is the item as it is in the list; after a withdrawal it has the `id` alone. `calendarReminderExternal` is the reminder as it was told; after a withdrawal it has the `id` alone.',
    'What was fenced, and the withdrawal of what was not there, is not pushed.',
    'A reminder that stands when an app or device connects is pushed to it as `calendar.reminder.create`.',
  ],
} as const;

/** The ingest profile: what a cloud side has to speak for this appliance, as an OpenAPI 3.1 document (design D7). */
export const INGEST_PROFILE = {
  openapi: '3.1.0',
  info: {
    title: 'hybrid-calendar ingest profile',
    version: INGEST_PROFILE_VERSION,
    summary: 'How the appliance delivers sealed meetings, reminders and presence to the cloud side',
    description: MAIN,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [
    {
      url: '{ingest_url}',
      description: 'webex.ingest_url of the appliance',
      variables: { ingest_url: { default: 'https://ingest.example.com/calendar/ingest/v1' } },
    },
  ],
  security: [{ serviceApp: [] }],
  paths: {
    '/users/{userId}/meetings/{meetingId}': MEETINGS,
    '/users/{userId}/reminders/{meetingId}': REMINDERS,
    '/users/{userId}/presence': PRESENCE,
    '/devices': DEVICES,
    '/devices/{deviceId}': DEVICE,
  },
  components: {
    securitySchemes: {
      serviceApp: {
        type: 'http',
        scheme: 'bearer',
        description:
          'Access token of the service app. 401 without a valid one, 403 for tokens of anybody else.',
      },
    },
    responses: ANSWERS.responses,
    headers: ANSWERS.headers,
    schemas: SCHEMAS,
  },
  'x-event-socket': EVENT_SOCKET,
  'x-app-events': APP_EVENTS,
} as const;
