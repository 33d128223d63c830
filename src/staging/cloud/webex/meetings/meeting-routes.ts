import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { page } from '../paging.ts';
import { publicId } from '../public-id.ts';
import { roomOfMember } from '../spaces/space-table.ts';
import { flawsOf, jsonBody, webexError } from '../webex-error.ts';
import { changeRoutes } from './change-routes.ts';
import { type HeldMeeting, meetingTable } from './held-meeting.ts';
import { inviteeRoutes } from './invitee-routes.ts';
import { makeMeeting } from './make-meeting.ts';
import { type HostCall, hostOf } from './meeting-host.ts';
import { NEW_MEETING, timesOf } from './meeting-input.ts';
import { countAttempt, schedulingOf } from './meeting-limits.ts';
import { linkOf, listed, occurrenceView, seriesView } from './meeting-view.ts';
import { occurrencesBetween } from './occurrences.ts';

const WEEK_MS = 7 * 86_400_000;
/** Series without an end are looked at no further. */
const MOST_AHEAD_MS = 4 * 366 * 86_400_000;
const NAMED = z.object({ hostEmail: z.string().optional(), roomId: z.string().optional() });
const TYPES = ['meetingSeries', 'scheduledMeeting', 'meeting'];

/** The Meetings API (reference: webex.md 4.4). */
export function meetingRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/v1/meetings', (c) => make(context, c));
  app.get('/v1/meetings', (c) => list(context, c));
  app.route('/', changeRoutes(context));
  app.route('/', inviteeRoutes(context));
  return app;
}

async function make(context: CloudContext, c: Context): Promise<Response> {
  const body = await jsonBody(c, ['application/json']);
  if (body instanceof Response) return body;
  const parsed = NEW_MEETING.safeParse(body.json);
  // A body that is refused counts as well, and for the host that it names.
  const { hostEmail, roomId } = NAMED.safeParse(body.json).data ?? {};
  // With a space the token's own user is the host, whoever is named.
  const call = hostOf(context, c, roomId === undefined ? hostEmail : undefined);
  if (call instanceof Response) return call;
  const wait = countAttempt(context, call.callerId, call.hostUserId, call.isAdmin);
  if (wait !== null) return overLimit(c, wait);
  if (!parsed.success) return webexError(c, 400, flawsOf(parsed.error));
  const { site } = context.directory;
  const { timezone = 'UTC', siteUrl = site } = parsed.data;
  if (siteUrl !== site) return webexError(c, 404, 'there is no such site');
  const times = timesOf({ ...parsed.data, timezone }, context.clock.now());
  if (typeof times === 'string') return webexError(c, 400, times);
  const room = roomId === undefined ? null : roomOfMember(context, call.callerId, roomId);
  if (roomId !== undefined && room === null) return webexError(c, 404, 'there is no such room');
  if (room === null && call.isAdmin && call.hostUserId === call.callerId)
    return webexError(c, 403, 'the service app hosts no meetings: name a host');
  const made = makeMeeting(context, call, parsed.data, { ...times, roomId: room?.id ?? null });
  context.tell({ where: 'webex', what: `a meeting is made under the number ${made.meetingNumber}` });
  return c.json(seriesView(context, made));
}

function overLimit(c: Context, seconds: number): Response {
  c.header('Retry-After', String(seconds));
  return webexError(c, 429, 'The number of meetings that can be scheduled in 24 hours is reached.');
}

function list(context: CloudContext, c: Context): Response {
  const call = hostOf(context, c, c.req.query('hostEmail'));
  if (call instanceof Response) return call;
  const { meetingType = 'meetingSeries', meetingNumber, webLink, roomId } = c.req.query();
  if (!TYPES.includes(meetingType)) return webexError(c, 400, 'there is no such meetingType');
  if ([meetingNumber, webLink, roomId].filter((one) => one !== undefined).length > 1)
    return webexError(c, 400, 'only one of meetingNumber, webLink and roomId');
  const window = windowOf(context, c);
  if (window === null) return webexError(c, 400, 'from and to are times, from before to');
  const views = chosen(context, c, call).flatMap((meeting) => viewsOf(context, meeting, meetingType, window));
  return page(context, c, views, (view) => view);
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Without `from` and `to` a week is looked at; a number or link is found whenever the meeting is. */
function windowOf(context: CloudContext, c: Context): Window | null {
  const { from, to, meetingNumber, webLink } = c.req.query();
  if (meetingNumber !== undefined || webLink !== undefined) return { from: 0, to: Number.MAX_SAFE_INTEGER };
  const begin = from === undefined ? context.clock.now() : Date.parse(from);
  const end = to === undefined ? begin + WEEK_MS : Date.parse(to);
  return begin < end ? { from: begin, to: end } : null;
}

function chosen(context: CloudContext, c: Context, call: HostCall): HeldMeeting[] {
  const { meetingNumber, webLink, roomId, integrationTag, meetingSeriesId } = c.req.query();
  const newest = context.clock.now() - schedulingOf(context).listLagMs;
  const wanted: [string | undefined, (meeting: HeldMeeting) => boolean][] = [
    [meetingNumber, (meeting) => meeting.meetingNumber === meetingNumber],
    [webLink, (meeting) => linkOf(context, meeting) === webLink],
    [roomId, (meeting) => meeting.roomId !== null && publicId('ROOM', meeting.roomId) === roomId],
    [meetingSeriesId, ({ id }) => id === meetingSeriesId],
    [
      integrationTag,
      ({ madeBy, integrationTags }) =>
        madeBy === call.callerId && integrationTags.includes(integrationTag ?? ''),
    ],
  ];
  const filters = wanted.flatMap(([given, fits]) => (given === undefined ? [] : [fits]));
  return meetingTable(context)
    .all()
    .filter(({ hostUserId, created }) => hostUserId === call.hostUserId && created <= newest)
    .filter((meeting) => filters.every((fits) => fits(meeting)));
}

// Nothing ever takes place here: there are no instances of the type `meeting`.
function viewsOf(context: CloudContext, meeting: HeldMeeting, type: string, { from, to }: Window): object[] {
  const furthest = Math.max(from, context.clock.now()) + MOST_AHEAD_MS;
  const occurrences = occurrencesBetween(meeting, from, Math.min(to, furthest));
  if (type === 'scheduledMeeting')
    return occurrences.map((one) => listed(occurrenceView(context, meeting, one), meeting, one));
  return type === 'meetingSeries' && occurrences.length > 0
    ? [listed(seriesView(context, meeting), meeting)]
    : [];
}
