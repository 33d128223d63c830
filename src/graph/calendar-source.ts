import { z } from 'zod';
import type { CalendarEvent, EventStub } from '../domain/calendar-event.ts';
import type { ListWindow } from '../domain/meeting.ts';
import type {
  CalendarSource,
  Clock,
  EventReading,
  EventWrite,
  MailboxProfile,
  Random,
  WriteOutcome,
} from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { GraphClient, unreadable } from './client.ts';
import { saysNoItem, saysNoMailbox } from './graph-error.ts';
import { utcWall } from './graph-time.ts';
import { readPages } from './pages.ts';
import { MARK_PROPERTY, parseEvent, parseStub } from './parse.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  renewSubscription,
} from './subscriptions.ts';
import { type ClientCredential, openTokenSource } from './token.ts';

const DAY_MS = 24 * 60 * 60_000;
const PAGE_SIZE = '100';
const STUB_MEMBERS = 'id,changeKey,type,isAllDay,start,end';
const GUID_IN_CONTEXT = /users\('([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'\)/i;
const SETTINGS = z.object({
  '@odata.context': z.string(),
  language: z.object({ locale: z.string().nullish() }).nullish(),
});

export interface CalendarSourceDeps {
  readonly http: HttpClient;
  readonly loginUrl: string;
  readonly graphUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  readonly clock: Clock;
  readonly random: Random;
}

/** Microsoft Graph as `CalendarSource`. Every failure is an AppError with upstream `graph` (reasons: graph-error.ts, token.ts). */
export function openCalendarSource(deps: CalendarSourceDeps): CalendarSource {
  const { clock } = deps;
  const client = new GraphClient({ ...deps, tokens: openTokenSource(deps) });
  return {
    profile: (address) => profile(client, address),
    readEvent: (guid, eventId) => readEvent(client, guid, eventId),
    listWindow: (guid, window) => listWindow(client, guid, window),
    writeEvent: (guid, event, write) => writeEvent(client, guid, event, write),
    subscribe: (guid, urls, clientState) => createSubscription(client, clock, guid, urls, clientState),
    renew: (id) => renewSubscription(client, clock, id),
    unsubscribe: (id) => deleteSubscription(client, id),
    subscriptions: () => listSubscriptions(client),
  };
}

// Nothing granted lets the directory be read; the settings' context names the owner (reference: graph.md 1.1, 6).
async function profile(client: GraphClient, address: string): Promise<MailboxProfile | null> {
  const url = client.urlOf(['users', address, 'mailboxSettings']);
  const answer = await client.call({ method: 'GET', url, mailbox: address.toLowerCase() });
  if (answer.kind === 'refused' && saysNoMailbox(answer.refusal)) return null;
  if (answer.kind === 'refused') throw answer.error;
  const settings = SETTINGS.safeParse(answer.json).data;
  const guid = GUID_IN_CONTEXT.exec(decoded(settings?.['@odata.context'] ?? ''))?.[1];
  if (guid === undefined) throw unreadable();
  return { guid: guid.toLowerCase(), locale: settings?.language?.locale || null };
}

function decoded(context: string): string {
  try {
    return decodeURIComponent(context);
  } catch {
    return context;
  }
}

async function readEvent(client: GraphClient, guid: string, eventId: string): Promise<EventReading> {
  const url = client.urlOf(['users', guid, 'events', eventId], {
    $expand: `singleValueExtendedProperties($filter=id eq '${MARK_PROPERTY}')`,
  });
  const answer = await client.call({ method: 'GET', url, mailbox: guid.toLowerCase() });
  if (answer.kind === 'done') return { kind: 'found', event: parseEvent(answer.json) };
  if (saysNoItem(answer.refusal)) return { kind: 'gone' };
  throw answer.error;
}

async function listWindow(client: GraphClient, guid: string, window: ListWindow): Promise<EventStub[]> {
  // The service takes the days of all-day events as UTC days: ask for a day more on each side and sift here (graph.md 1.4).
  const from = utcWall(window.from - DAY_MS);
  const to = utcWall(window.to + DAY_MS);
  const url = client.urlOf(['users', guid, 'calendar', 'events'], {
    $filter: `start/dateTime lt '${to}' and end/dateTime gt '${from}'`,
    // Without a fixed order rows can slip between two pages.
    $orderby: 'start/dateTime',
    $select: STUB_MEMBERS,
    $top: PAGE_SIZE,
  });
  const rows = await readPages(client, url, guid.toLowerCase());
  const stubs = rows.flatMap((row) => parseStub(row, window) ?? []);
  // A row may show up on two pages when the calendar changes meanwhile.
  return [...new Map(stubs.map((stub) => [stub.id, stub])).values()];
}

async function writeEvent(
  client: GraphClient,
  guid: string,
  event: CalendarEvent,
  write: EventWrite,
): Promise<WriteOutcome> {
  const answer = await client.call({
    method: 'PATCH',
    url: client.urlOf(['users', guid, 'calendar', 'events', event.id]),
    mailbox: guid.toLowerCase(),
    ifMatch: event.etag,
    body: {
      ...(write.body === undefined ? {} : { body: write.body }),
      ...(write.locations === undefined ? {} : { locations: write.locations }),
      singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: write.mark }],
    },
  });
  // Answers to writes do not echo extended properties.
  if (answer.kind === 'done')
    return { kind: 'written', event: { ...parseEvent(answer.json), mark: write.mark } };
  const { status } = answer.refusal;
  if (status === 409 || status === 412) return { kind: 'raced' };
  if (saysNoItem(answer.refusal)) return { kind: 'gone' };
  throw answer.error;
}
