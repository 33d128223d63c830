import { z } from 'zod';
import { asAppError } from '../domain/app-error.ts';
import type {
  Deletion,
  MeetingChange,
  MeetingCreation,
  MeetingRequest,
  WebexMeeting,
  WebexMeetings,
} from '../domain/scheduling-ports.ts';
import { webexPages } from './collection.ts';
import { deleteAt } from './delete-at.ts';
import { invite, inviteesOf, uninvite } from './invitees.ts';
import { MEETING_STATUSES, meetingObstacle } from './meeting-obstacle.ts';
import { carry } from './occurrences.ts';
import { publicId } from './public-id.ts';
import { callWebex, unreadableAnswer, type WebexApiDeps, webexUrl } from './rest.ts';
import { TELEPHONY } from './telephony.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How far ahead a meeting is looked for by its tag: it may have been moved since it was made. */
const AHEAD_MS = 4 * 366 * DAY_MS;

const TEXT = z
  .string()
  .nullish()
  .transform((text) => text || null);
/** Only these members are taken: the answer also holds the host's secret key. */
const MEETING = z.object({
  id: z.string().min(1),
  webLink: z.url({ protocol: /^https$/ }),
  meetingNumber: TEXT,
  sipAddress: TEXT,
  password: TEXT,
  phoneAndVideoSystemPassword: TEXT,
  telephony: TELEPHONY,
});

/** Meetings of the public Webex REST API as `WebexMeetings` (reference: webex.md 4.4). Throws AppError as `callWebex` does. */
export function openWebexMeetings(deps: WebexApiDeps): WebexMeetings {
  return {
    create: (request) => create(deps, request),
    change: (id, request) => change(deps, id, request),
    delete: (id, hostAddress) => remove(deps, id, hostAddress),
    find: async (tag, hostAddress) => (await tagged(deps, tag, hostAddress))?.id ?? null,
    carry: (seriesId, deviation, hostAddress) => carry(deps, seriesId, deviation, hostAddress),
    invitees: (id, hostAddress) => inviteesOf(deps, id, hostAddress),
    invite: (id, hostAddress, addresses) => invite(deps, id, hostAddress, addresses),
    uninvite: (inviteeId, hostAddress) => uninvite(deps, inviteeId, hostAddress),
    get: (id, hostAddress) => get(deps, id, hostAddress),
    atNumber: (meetingNumber, hostAddress) => first(deps, { meetingNumber, ...hostedBy(hostAddress) }),
  };
}

async function create(deps: WebexApiDeps, request: MeetingRequest): Promise<MeetingCreation> {
  const host = hostOf(request);
  const earlier = await tagged(deps, request.tag, host);
  if (earlier !== null) return { kind: 'found', meeting: earlier };
  try {
    return await make(deps, request);
  } catch (thrown) {
    // Webex may have made it all the same. If this look fails too, that of the next try finds it.
    const lost = asAppError(thrown).code === 'unavailable';
    const made = lost ? await tagged(deps, request.tag, host).catch(() => null) : null;
    if (made === null) throw thrown;
    return { kind: 'found', meeting: made };
  }
}

async function make(deps: WebexApiDeps, request: MeetingRequest): Promise<MeetingCreation> {
  const answer = await callWebex(deps, {
    method: 'POST',
    url: webexUrl(deps.apiUrl, ['meetings']),
    body: newMeeting(request),
    expect: MEETING_STATUSES,
  });
  return meetingObstacle(answer, deps.clock.now()) ?? { kind: 'made', meeting: meetingIn(answer.json) };
}

/** The meeting that carries the tag. Of several, made by calls that overtook each other, all but one are deleted. */
async function tagged(deps: WebexApiDeps, tag: string, host: string | null): Promise<WebexMeeting | null> {
  const now = deps.clock.now();
  const found = await list(deps, {
    integrationTag: tag,
    from: new Date(now - DAY_MS).toISOString(),
    to: new Date(now + AHEAD_MS).toISOString(),
    ...hostedBy(host),
  });
  // The same one is kept every time, in whatever order they are listed.
  const [kept = null, ...surplus] = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id } of surplus) await remove(deps, id, host);
  return kept;
}

async function change(deps: WebexApiDeps, id: string, request: MeetingRequest): Promise<MeetingChange> {
  const answer = await callWebex(deps, {
    method: 'PATCH',
    url: webexUrl(deps.apiUrl, ['meetings', id]),
    body: { ...shared(request), recurrence: request.rule, ...hostedBy(hostOf(request)) },
    expect: MEETING_STATUSES,
  });
  if (answer.status === 404) return { kind: 'gone' };
  return meetingObstacle(answer, deps.clock.now()) ?? { kind: 'changed', meeting: meetingIn(answer.json) };
}

async function remove(deps: WebexApiDeps, id: string, hostAddress: string | null): Promise<Deletion> {
  const query = { sendEmail: 'false', ...hostedBy(hostAddress) };
  const url = webexUrl(deps.apiUrl, ['meetings', id], query);
  return await deleteAt(deps, url);
}

async function get(deps: WebexApiDeps, id: string, hostAddress: string | null): Promise<WebexMeeting | null> {
  const url = webexUrl(deps.apiUrl, ['meetings', id], hostedBy(hostAddress));
  const { status, json } = await callWebex(deps, { method: 'GET', url, expect: [404, 410] });
  return status >= 400 ? null : meetingIn(json);
}

async function first(deps: WebexApiDeps, query: Query): Promise<WebexMeeting | null> {
  return (await list(deps, query))[0] ?? null;
}

type Query = Readonly<Record<string, string>>;

/** A host whom Webex does not know, or not let the service app see, has none. */
async function list(deps: WebexApiDeps, query: Query): Promise<WebexMeeting[]> {
  const found: WebexMeeting[] = [];
  const url = webexUrl(deps.apiUrl, ['meetings'], { meetingType: 'meetingSeries', max: '100', ...query });
  for await (const items of webexPages(deps, url, [403, 404])) found.push(...items.map(meetingIn));
  return found;
}

function newMeeting(request: MeetingRequest): object {
  const { rule, invitees, spaceId, tag } = request;
  return {
    ...shared(request),
    ...(rule === null ? {} : { recurrence: rule }),
    ...(invitees.length === 0 ? {} : { invitees: invitees.map((email) => ({ email })) }),
    ...(spaceId === null ? {} : { roomId: publicId('ROOM', spaceId) }),
    ...hostedBy(hostOf(request)),
    integrationTags: [tag],
  };
}

/** The invitation is the calendar's: Webex writes to nobody. */
function shared({ title, startAt, endAt, zone }: MeetingRequest): object {
  const [start, end] = [startAt, endAt].map((instant) => new Date(instant).toISOString());
  return { title, start, end, timezone: zone, sendEmail: false };
}

/** The meetings of spaces are hosted by the service app, whoever is named. */
function hostOf({ hostAddress, spaceId }: MeetingRequest): string | null {
  return spaceId === null ? hostAddress : null;
}

function hostedBy(hostAddress: string | null): Query {
  return hostAddress === null ? {} : { hostEmail: hostAddress };
}

function meetingIn(json: unknown): WebexMeeting {
  const meeting = MEETING.safeParse(json).data;
  if (meeting === undefined) throw unreadableAnswer();
  return {
    id: meeting.id,
    url: meeting.webLink,
    sip: meeting.sipAddress,
    meetingNumber: meeting.meetingNumber,
    password: meeting.password,
    numericPassword: meeting.phoneAndVideoSystemPassword,
    phone: meeting.telephony,
  };
}
