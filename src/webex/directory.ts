import { z } from 'zod';
import { normaliseAddress } from '../domain/address.ts';
import type { PersonalRoom, WebexDirectory, WebexIdentity } from '../domain/ports.ts';
import { webexPages } from './collection.ts';
import { uuidIn } from './public-id.ts';
import { callWebex, unreadableAnswer, type WebexApiDeps, webexUrl } from './rest.ts';
import { TELEPHONY } from './telephony.ts';

const PAGE_SIZE = '100';

const PERSON = z.object({
  id: z.string(),
  orgId: z.string().nullish(),
  emails: z.array(z.string()).nullish(),
});
const WORKSPACE = z.object({
  id: z.string(),
  orgId: z.string().nullish(),
  calendar: z.object({ emailAddress: z.string().nullish() }).nullish(),
});
/** Only these members are taken: the answer also holds the host's secret PIN. */
const PERSONAL_ROOM = z.object({
  personalMeetingRoomLink: z.url({ protocol: /^https$/ }).nullish(),
  sipAddress: z.string().nullish(),
  telephony: TELEPHONY,
});

/** The public Webex REST API as `WebexDirectory` (reference: webex.md 4). Throws AppError as `callWebex` does. */
export function openWebexDirectory(deps: WebexApiDeps): WebexDirectory {
  return {
    identify: (address, kind) => (kind === 'person' ? findPerson(deps, address) : findRoom(deps, address)),
    personalRoom: (address) => personalRoom(deps, address),
  };
}

async function findPerson(deps: WebexApiDeps, address: string): Promise<WebexIdentity | null> {
  const url = webexUrl(deps.apiUrl, ['people'], { email: address });
  for await (const items of webexPages(deps, url, [404])) {
    const people = items.map((item) => PERSON.safeParse(item).data ?? raiseUnreadable());
    // The search is the service's; that it is this address and no similar one is checked here.
    const person = people.find(({ emails }) => emails?.some((email) => same(email, address)));
    if (person !== undefined) return identityOf(person);
  }
  return null;
}

async function findRoom(deps: WebexApiDeps, address: string): Promise<WebexIdentity | null> {
  const url = webexUrl(deps.apiUrl, ['workspaces'], { max: PAGE_SIZE });
  for await (const items of webexPages(deps, url)) {
    const rooms = items.map((item) => WORKSPACE.safeParse(item).data ?? raiseUnreadable());
    const room = rooms.find(({ calendar }) => same(calendar?.emailAddress ?? '', address));
    if (room !== undefined) return identityOf(room);
  }
  return null;
}

async function personalRoom(deps: WebexApiDeps, address: string): Promise<PersonalRoom | null> {
  const url = webexUrl(deps.apiUrl, ['meetingPreferences', 'personalMeetingRoom'], { userEmail: address });
  const answer = await callWebex(deps, { method: 'GET', url, expect: [404] });
  if (answer.status === 404) return null;
  const room = PERSONAL_ROOM.safeParse(answer.json).data ?? raiseUnreadable();
  if (!room.personalMeetingRoomLink || !room.sipAddress) return null;
  return {
    url: room.personalMeetingRoomLink,
    sip: room.sipAddress,
    meetingNumber: digits(room.telephony?.accessCode ?? ''),
    phone: room.telephony,
  };
}

/** By telephone and video one reaches a personal room under its access code, printed in groups. */
function digits(accessCode: string): string | null {
  const plain = accessCode.replace(/[\s-]/g, '');
  return /^\d{6,20}$/.test(plain) ? plain : null;
}

function same(a: string, b: string): boolean {
  return a !== '' && normaliseAddress(a) === normaliseAddress(b);
}

function identityOf({
  id,
  orgId,
}: {
  readonly id: string;
  readonly orgId?: string | null | undefined;
}): WebexIdentity {
  const uuid = uuidIn(id, ['PEOPLE', 'PLACES']) ?? raiseUnreadable();
  return { id: uuid, orgId: uuidIn(orgId ?? '', ['ORGANIZATION']) };
}

function raiseUnreadable(): never {
  throw unreadableAnswer();
}
