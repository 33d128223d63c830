import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Person } from '../directory.ts';
import { personAt, personOf } from './person-index.ts';
import { roomNameOf } from './room-name.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const ACCESS_CODE_DIGITS = 10;

/** Personal rooms and sites (reference: webex.md 4.4). */
export function preferenceRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/v1/meetingPreferences/personalMeetingRoom', (c) =>
    answer(context, c, (owner) => personalRoom(context, owner)),
  );
  app.get('/v1/meetingPreferences/sites', (c) =>
    answer(context, c, () => ({ sites: [{ siteUrl: context.directory.site, default: true }] })),
  );
  return app;
}

function answer(context: CloudContext, c: Context, view: (owner: Person) => object): Response {
  const owner = ownerOf(context, c);
  const { siteUrl = context.directory.site } = c.req.query();
  const found = owner !== undefined && siteUrl === context.directory.site;
  return found ? c.json(view(owner)) : webexError(c, 404);
}

// `userEmail` counts with an administrator's scopes only; everybody else gets the own preferences, whatever it says.
function ownerOf(context: CloudContext, c: Context): Person | undefined {
  const account = authenticateWebex(context, c.req.raw);
  const email = c.req.query('userEmail');
  if (account?.role === 'service-app' && email !== undefined) return personAt(context, email);
  return personOf(context, account?.userId ?? '');
}

function personalRoom(context: CloudContext, owner: Person): object {
  const { site } = context.directory;
  const roomName = roomNameOf(context, owner);
  return {
    topic: `${owner.name}'s Personal Room`,
    hostPin: digitsOf(`pin ${owner.webexUserId}`, 4),
    personalMeetingRoomLink: `https://${site}/meet/${roomName}`,
    enabledAutoLock: false,
    enabledNotifyHost: false,
    supportCoHost: false,
    supportAnyoneAsCoHost: false,
    allowFirstUserToBeCoHost: false,
    allowAuthenticatedDevices: true,
    coHosts: [],
    sipAddress: `${roomName}@${site}`,
    dialInIpAddress: '192.0.2.10',
    telephony: telephony(owner),
  };
}

function telephony(owner: Person): object {
  return {
    accessCode: digitsOf(`room ${owner.webexUserId}`, ACCESS_CODE_DIGITS),
    callInNumbers: [{ label: 'Germany Toll', callInNumber: '+49-30-23125000', tollType: 'toll' }],
    links: {
      rel: 'globalCallinNumbers',
      href: `/v1/meetings/personalMeetingRoom/globalCallinNumbers`,
      method: 'GET',
    },
  };
}

/** As many digits, always the same for one name; the first one is never 0. */
function digitsOf(name: string, count: number): string {
  const number = createHash('sha256').update(name).digest().readBigUInt64BE();
  const smallest = 10n ** BigInt(count - 1);
  return String(smallest + (number % (9n * smallest)));
}
