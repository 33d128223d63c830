import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Person, Room } from '../directory.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const PAGE = 100;

/** Ids as Webex gives them out: base64url of a URI. */
const publicId = (kind: string, uuid: string): string =>
  Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url');

/** The part of the public REST API that calendars need (reference: webex.md 4.4, 4.6). */
export function restRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.use('/v1/*', async (c, next) =>
    authenticateWebex(context, c.req.raw) === null ? webexError(c, 401) : next(),
  );
  app.get('/v1/people', (c) => {
    const email = c.req.query('email')?.toLowerCase();
    if (email === undefined) return webexError(c, 400, 'email is needed');
    return c.json({
      items: context.directory.people
        .filter((one) => one.address === email)
        .map((one) => person(context, one)),
    });
  });
  app.get('/v1/workspaces', (c) => workspaces(context, c));
  app.get('/v1/meetingPreferences/personalMeetingRoom', (c) => {
    const owner = personOf(context, c.req.query('userEmail'));
    return owner === undefined ? webexError(c, 404) : c.json(personalRoom(context, owner));
  });
  app.get('/v1/meetingPreferences/sites', (c) => {
    const owner = personOf(context, c.req.query('userEmail'));
    if (owner === undefined) return webexError(c, 404);
    return c.json({ sites: [{ siteUrl: context.directory.site, default: true }] });
  });
  return app;
}

function personOf(context: CloudContext, email: string | undefined): Person | undefined {
  return context.directory.people.find((one) => one.address === email?.toLowerCase());
}

function person(context: CloudContext, one: Person): object {
  return {
    id: publicId('PEOPLE', one.webexUserId),
    emails: [one.address],
    displayName: one.name,
    orgId: publicId('ORGANIZATION', context.directory.orgId),
    siteUrls: [context.directory.site],
    type: 'person',
    status: 'active',
  };
}

function workspaces(context: CloudContext, c: Context): Response {
  const max = Math.min(Number(c.req.query('max') ?? PAGE), PAGE);
  const start = Number(c.req.query('start') ?? 0);
  if (!(max >= 1 && start >= 0)) return webexError(c, 400, 'max and start are whole numbers');
  const { rooms } = context.directory;
  const next = start + max;
  if (next < rooms.length)
    c.header('Link', `<${context.baseUrl}/v1/workspaces?max=${max}&start=${next}>; rel="next"`);
  return c.json({ items: rooms.slice(start, next).map((room) => workspace(context, room)) });
}

function workspace(context: CloudContext, room: Room): object {
  return {
    id: publicId('PLACES', room.webexUserId),
    orgId: publicId('ORGANIZATION', context.directory.orgId),
    displayName: room.name,
    type: 'meetingRoom',
    calendar: { type: 'microsoft', emailAddress: room.address },
    devices: [{ id: publicId('DEVICE', room.deviceId) }],
  };
}

function personalRoom(context: CloudContext, owner: Person): object {
  const { site } = context.directory;
  return {
    topic: `${owner.name}'s Personal Room`,
    hostPin: '2468',
    personalMeetingRoomLink: `https://${site}/meet/${owner.roomName}`,
    sipAddress: `${owner.roomName}@${site}`,
    enabledAutoLock: false,
  };
}
