import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Room } from '../directory.ts';
import { page } from './paging.ts';
import { publicDeviceId, publicId } from './public-id.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const CREATED = '2024-01-15T08:00:00.000Z';
const CAPACITY = 8;

type Workspace = ReturnType<typeof workspace>;

/** Query parameters that choose workspaces, and what of a workspace they are compared with. */
const FILTERS: Readonly<Record<string, (one: Workspace) => unknown>> = {
  displayName: (one) => one.displayName,
  type: (one) => one.type,
  capacity: (one) => one.capacity,
  calendar: (one) => one.calendar.type,
  calling: (one) => one.calling.type,
  supportedDevices: (one) => one.supportedDevices,
  devicePlatform: (one) => one.devicePlatform,
  deviceHostedMeetingsEnabled: (one) => one.deviceHostedMeetings.enabled,
  // No simulated room has a place.
  locationId: () => undefined,
  workspaceLocationId: () => undefined,
  floorId: () => undefined,
};

/** Rooms of the organisation, for administrators (reference: webex.md 4.6). */
export function workspaceRoutes(context: CloudContext): Hono {
  const app = new Hono();
  const rooms = context.directory.rooms.map((room) => ({ room, seen: workspace(context, room) }));
  app.use('/v1/workspaces/*', async (c, next) => {
    const isAdmin = authenticateWebex(context, c.req.raw)?.role === 'service-app';
    return isAdmin ? next() : webexError(c, 403);
  });
  app.get('/v1/workspaces', (c) => {
    const wanted = Object.entries(FILTERS).filter(([name]) => c.req.query(name) !== undefined);
    const fits = (one: Workspace): boolean =>
      wanted.every(([name, read]) => String(read(one)) === c.req.query(name));
    const withDevices = c.req.query('includeDevices') === 'true';
    const chosen = rooms.filter(({ seen }) => fits(seen));
    return page(context, c, chosen, ({ room, seen }) =>
      withDevices ? { ...seen, devices: [device(context, room)] } : seen,
    );
  });
  app.get('/v1/workspaces/:id', (c) => {
    const found = rooms.find(({ seen }) => seen.id === c.req.param('id'));
    return found === undefined ? webexError(c, 404) : c.json(found.seen);
  });
  return app;
}

function workspace(context: CloudContext, room: Room) {
  return {
    id: publicId('PLACES', room.webexUserId),
    orgId: publicId('ORGANIZATION', context.directory.orgId),
    displayName: room.name,
    capacity: CAPACITY,
    type: 'meetingRoom',
    sipAddress: sipAddress(context, room),
    created: CREATED,
    calling: { type: 'freeCalling' },
    calendar: { type: 'microsoft', emailAddress: room.address },
    hotdeskingStatus: 'off',
    supportedDevices: 'collaborationDevices',
    deviceHostedMeetings: { enabled: false },
    devicePlatform: 'cisco',
  } as const;
}

function device(context: CloudContext, room: Room): object {
  return {
    id: publicDeviceId(room.deviceId),
    displayName: room.name,
    workspaceId: publicId('PLACES', room.webexUserId),
    orgId: publicId('ORGANIZATION', context.directory.orgId),
    capabilities: ['xapi'],
    permissions: ['xapi:all'],
    connectionStatus: 'connected',
    product: 'Cisco Room Bar (simulated)',
    type: 'roomdesk',
    primarySipUrl: sipAddress(context, room),
    created: CREATED,
    devicePlatform: 'cisco',
  };
}

function sipAddress(context: CloudContext, room: Room): string {
  const [local = '', domain = ''] = room.address.split('@');
  const organisation = context.directory.site.split('.')[0] ?? domain;
  return `${local}@${organisation}.rooms.webex.com`;
}
