import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Person } from '../directory.ts';
import { page } from './paging.ts';
import { personAt, personOf } from './person-index.ts';
import { presenceOf } from './presence-store.ts';
import { publicId, uuidOf } from './public-id.ts';
import { roomNameOf } from './room-name.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';

const MOST_IDS = 85;
type Look = (one: Person) => object;

/** People of the organisation (reference: webex.md 4.6). Presence is shown in searches only, never by id. */
export function peopleRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/v1/people', (c) => search(context, c));
  app.get('/v1/people/me', (c) => {
    const own = personOf(context, authenticateWebex(context, c.req.raw)?.userId ?? '');
    return own === undefined ? webexError(c, 404) : c.json(person(context, own, true));
  });
  app.get('/v1/people/:id', (c) => {
    const one = byId(context, c.req.param('id'));
    return one === undefined ? webexError(c, 404) : c.json(person(context, one, false));
  });
  return app;
}

function search(context: CloudContext, c: Context): Response {
  const { id, email, displayName, excludeStatus } = c.req.query();
  if (id !== undefined) return listByIds(context, c, id.split(','));
  const isAdmin = authenticateWebex(context, c.req.raw)?.role === 'service-app';
  if (email === undefined && displayName === undefined && !isAdmin)
    return webexError(c, 400, 'email or displayName is needed');
  const look: Look = (one) => person(context, one, excludeStatus !== 'true');
  return page(context, c, found(context, email, displayName), look);
}

function found(context: CloudContext, email?: string, displayName = ''): readonly Person[] {
  const prefix = displayName.toLowerCase();
  const named = (one: Person): boolean => one.name.toLowerCase().startsWith(prefix);
  if (email === undefined) return context.directory.people.filter(named);
  const one = personAt(context, email);
  return one !== undefined && named(one) ? [one] : [];
}

function listByIds(context: CloudContext, c: Context, ids: readonly string[]): Response {
  if (ids.length > MOST_IDS) return webexError(c, 400, `at most ${MOST_IDS} ids`);
  const people = ids.map((id) => byId(context, id));
  const notFoundIds = ids.filter((_, n) => people[n] === undefined);
  const items = people.flatMap((one) => (one === undefined ? [] : [person(context, one, false)]));
  return c.json({ ...(notFoundIds.length > 0 && { notFoundIds }), items });
}

function byId(context: CloudContext, id: string): Person | undefined {
  return personOf(context, uuidOf('PEOPLE', id) ?? '');
}

function person(context: CloudContext, one: Person, withStatus: boolean): object {
  const { orgId, site } = context.directory;
  const [firstName = '', lastName = ''] = one.name.split(' ');
  return {
    id: publicId('PEOPLE', one.webexUserId),
    emails: [one.address],
    displayName: one.name,
    firstName,
    lastName,
    orgId: publicId('ORGANIZATION', orgId),
    siteUrls: [site],
    sipAddresses: [{ type: 'personal-room', value: `${roomNameOf(context, one)}@${site}`, primary: false }],
    type: 'person',
    ...(withStatus && {
      status: presenceOf(context, one.webexUserId) === null ? 'active' : 'OutOfOffice',
      lastActivity: new Date(context.clock.now()).toISOString(),
    }),
  };
}
