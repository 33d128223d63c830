import { z } from 'zod';
import type { EventStub } from '../domain/calendar-event.ts';
import type { DeltaRound, DeltaStart } from '../domain/ports.ts';
import { type GraphAnswer, type GraphClient, unreadable } from './client.ts';
import { errorBody } from './graph-error.ts';
import { utcWall } from './graph-time.ts';
import { endlessListing, MAX_PAGES, readPages } from './pages.ts';
import { parseStub } from './parse.ts';

const PAGE_SIZE = 50;
const DEAD_TOKEN = new Set(['syncstatenotfound', 'syncstateinvalid', 'resyncrequired']);
const DELTA_PAGE = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});
const REMOVED = z.object({ id: z.string().min(1), '@removed': z.unknown() });
const STUB_MEMBERS = 'id,changeKey,type,seriesMasterId,start,lastModifiedDateTime';

/**
 * One round over the default calendar. Links are followed exactly as they come; a token that died, also in the middle of the
 * round, discards the whole round (reference: graph.md 3.1, 3.4).
 */
export async function deltaRound(client: GraphClient, guid: string, from: DeltaStart): Promise<DeltaRound> {
  // A link that was kept from before the configuration named another host: the round begins anew, and no token leaves for it.
  if ('link' in from && !client.serves(from.link)) return { kind: 'expired' };
  const rows = new Map<string, EventStub | null>();
  let url: string | undefined = 'link' in from ? from.link : firstUrl(client, guid, from.window);
  for (let page = 0; page < MAX_PAGES && url !== undefined; page += 1) {
    const answer = await client.call({
      method: 'GET',
      url,
      mailbox: guid.toLowerCase(),
      pageSize: PAGE_SIZE,
    });
    if (saysDeadToken(answer)) return { kind: 'expired' };
    if (answer.kind === 'refused') throw answer.error;
    const read: z.infer<typeof DELTA_PAGE> | undefined = DELTA_PAGE.safeParse(answer.json).data;
    if (read === undefined) throw unreadable();
    for (const row of read.value) take(rows, row);
    const link = read['@odata.deltaLink'];
    if (link !== undefined) return roundOf(rows, link);
    url = read['@odata.nextLink'];
  }
  throw url === undefined ? unreadable() : endlessListing();
}

/** Single events and masters changed after the instant; used for what lies beyond the delta window. */
export async function changedSince(client: GraphClient, guid: string, instant: number): Promise<EventStub[]> {
  const url = client.urlOf(['users', guid, 'calendar', 'events'], {
    $filter: `lastModifiedDateTime gt ${new Date(instant).toISOString()}`,
    $orderby: 'lastModifiedDateTime',
    $select: STUB_MEMBERS,
    $top: '100',
  });
  const rows = await readPages(client, url, guid.toLowerCase());
  return rows.flatMap((row) => parseStub(row) ?? []);
}

function firstUrl(client: GraphClient, guid: string, window: { from: number; to: number }): string {
  return client.urlOf(['users', guid, 'calendarView', 'delta'], {
    startDateTime: `${utcWall(window.from)}Z`,
    endDateTime: `${utcWall(window.to)}Z`,
  });
}

// 410, and the same codes have been seen with other statuses.
function saysDeadToken(answer: GraphAnswer): boolean {
  if (answer.kind === 'done') return false;
  return answer.refusal.status === 410 || DEAD_TOKEN.has(errorBody(answer.refusal.text).code);
}

// Rows can repeat: the last one wins. Null stands for removed.
function take(rows: Map<string, EventStub | null>, row: unknown): void {
  const removed = REMOVED.safeParse(row).data;
  if (removed?.['@removed'] !== undefined) {
    rows.set(removed.id, null);
    return;
  }
  const stub = parseStub(row);
  if (stub !== null) rows.set(stub.id, stub);
}

function roundOf(rows: ReadonlyMap<string, EventStub | null>, link: string): DeltaRound {
  const changed = [...rows.values()].filter((stub) => stub !== null);
  const removed = [...rows].flatMap(([id, stub]) => (stub === null ? [id] : []));
  return { kind: 'round', changed, removed, link };
}
