import { z } from 'zod';
import { normaliseAddress } from '../domain/address.ts';
import { AppError } from '../domain/app-error.ts';
import type { PersonalRoom, WebexDirectory } from '../domain/ports.ts';
import { nextLink } from './next-link.ts';
import { callWebex, unreadableAnswer, type WebexRestDeps, webexUrl } from './rest.ts';

const MAX_PAGES = 1_000;
const PAGE_SIZE = '100';
const GLOBAL_ID = /^ciscospark:\/\/[^/]+\/(PEOPLE|PLACES)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

const PEOPLE = z.object({
  items: z.array(z.object({ id: z.string(), emails: z.array(z.string()).nullish() })),
});
const WORKSPACES = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      calendar: z.object({ emailAddress: z.string().nullish() }).nullish(),
    }),
  ),
});
/** Only these members are taken: the answer also holds the host's secret PIN. */
const PERSONAL_ROOM = z.object({
  personalMeetingRoomLink: z.url({ protocol: /^https$/ }).nullish(),
  sipAddress: z.string().nullish(),
  telephony: z.object({ accessCode: z.string().nullish() }).nullish(),
});

export interface WebexDirectoryDeps extends WebexRestDeps {
  /** With version, e.g. `https://webexapis.com/v1`. */
  readonly apiUrl: string;
}

/** The public Webex REST API as `WebexDirectory` (reference: webex.md 4). Throws AppError as `callWebex` does. */
export function openWebexDirectory(deps: WebexDirectoryDeps): WebexDirectory {
  return {
    identify: (address, kind) => (kind === 'person' ? findPerson(deps, address) : findRoom(deps, address)),
    personalRoom: (address) => personalRoom(deps, address),
  };
}

async function findPerson(deps: WebexDirectoryDeps, address: string): Promise<string | null> {
  const url = webexUrl(deps.apiUrl, ['people'], { email: address });
  const answer = await callWebex(deps, { method: 'GET', url, expect: [404] });
  if (answer.status === 404) return null;
  const { items } = PEOPLE.safeParse(answer.json).data ?? raiseUnreadable();
  // The search is the service's; that it is this address and no similar one is checked here.
  const person = items.find(({ emails }) => emails?.some((email) => same(email, address)));
  return person === undefined ? null : uuidOf(person.id);
}

async function findRoom(deps: WebexDirectoryDeps, address: string): Promise<string | null> {
  let url: string | null = webexUrl(deps.apiUrl, ['workspaces'], { max: PAGE_SIZE });
  for (let page = 0; url !== null; page += 1) {
    if (page >= MAX_PAGES) throw unreadableAnswer();
    const { json, headers } = await callWebex(deps, { method: 'GET', url });
    const { items } = WORKSPACES.safeParse(json).data ?? raiseUnreadable();
    const room = items.find(({ calendar }) => same(calendar?.emailAddress ?? '', address));
    if (room !== undefined) return uuidOf(room.id);
    url = samePlace(deps.apiUrl, nextLink(headers.get('link')));
  }
  return null;
}

async function personalRoom(deps: WebexDirectoryDeps, address: string): Promise<PersonalRoom | null> {
  const url = webexUrl(deps.apiUrl, ['meetingPreferences', 'personalMeetingRoom'], { userEmail: address });
  const answer = await callWebex(deps, { method: 'GET', url, expect: [404] });
  if (answer.status === 404) return null;
  const room = PERSONAL_ROOM.safeParse(answer.json).data ?? raiseUnreadable();
  if (!room.personalMeetingRoomLink || !room.sipAddress) return null;
  return {
    url: room.personalMeetingRoomLink,
    sip: room.sipAddress,
    meetingNumber: digits(room.telephony?.accessCode ?? ''),
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

// Public ids are base64url around the UUID that the other services use (reference: webex.md 4.1).
function uuidOf(id: string): string {
  const uuid = GLOBAL_ID.exec(Buffer.from(id, 'base64url').toString('utf8'))?.[2];
  return uuid?.toLowerCase() ?? raiseUnreadable();
}

// A next page is followed verbatim, but the token goes to the configured host only.
function samePlace(apiUrl: string, link: string | null): string | null {
  if (link === null || URL.parse(link)?.origin === new URL(apiUrl).origin) return link;
  throw new AppError({
    code: 'forbidden',
    reason: 'WEBEX_HOST_NOT_ALLOWED',
    message: 'An answer pointed to a host outside webex.api_url; it was not followed and no token was sent.',
    upstream: 'webex',
  });
}

function raiseUnreadable(): never {
  throw unreadableAnswer();
}
