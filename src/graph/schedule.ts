import { z } from 'zod';
import type { ListWindow } from '../domain/meeting.ts';
import type { Schedule } from '../domain/ports.ts';
import { type GraphClient, unreadable } from './client.ts';
import { instantOf, utcWall } from './graph-time.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The service's limits (reference: graph.md 7). */
const MOST_ADDRESSES = 20;
const MOST_MS = 62 * DAY_MS;

const TIME = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });
const ANSWER = z.object({
  value: z.array(
    z.object({
      scheduleId: z.string(),
      scheduleItems: z.array(z.object({ status: z.string().nullish(), start: TIME, end: TIME })).nullish(),
      error: z.object({ responseCode: z.string().nullish() }).nullish(),
    }),
  ),
});
type Row = z.infer<typeof ANSWER>['value'][number];

/** Free and busy times in slices of twenty addresses and 62 days; what can't be read of one person is said beside that person. */
export async function readSchedules(
  client: GraphClient,
  guid: string,
  addresses: readonly string[],
  window: ListWindow,
): Promise<Schedule[]> {
  const merged = new Map<string, Schedule>(
    addresses.map((address) => [address.toLowerCase(), { address, busy: [], error: null }]),
  );
  for (const slice of slices(addresses, window)) {
    for (const row of await readSlice(client, guid, slice.addresses, slice.window)) merge(merged, row);
  }
  return [...merged.values()];
}

function* slices(
  addresses: readonly string[],
  window: ListWindow,
): Generator<{ addresses: readonly string[]; window: ListWindow }> {
  for (let at = 0; at < addresses.length; at += MOST_ADDRESSES) {
    for (let from = window.from; from < window.to; from += MOST_MS) {
      const to = Math.min(window.to, from + MOST_MS);
      yield { addresses: addresses.slice(at, at + MOST_ADDRESSES), window: { from, to } };
    }
  }
}

async function readSlice(
  client: GraphClient,
  guid: string,
  schedules: readonly string[],
  window: ListWindow,
): Promise<Row[]> {
  const time = (at: number) => ({ dateTime: utcWall(at), timeZone: 'UTC' });
  const json = await client.demand({
    method: 'POST',
    url: client.urlOf(['users', guid, 'calendar', 'getSchedule']),
    mailbox: guid.toLowerCase(),
    // It only reads.
    idempotent: true,
    body: {
      schedules,
      startTime: time(window.from),
      endTime: time(window.to),
      availabilityViewInterval: 30,
    },
  });
  const read = ANSWER.safeParse(json).data;
  if (read === undefined) throw unreadable();
  return read.value;
}

/** An appointment over the edge of two slices is told by both. */
function merge(merged: Map<string, Schedule>, row: Row): void {
  const known = merged.get(row.scheduleId.toLowerCase());
  if (known === undefined) return;
  const told = (row.scheduleItems ?? []).flatMap(({ status, start, end }) => {
    const startAt = instantOf(start.dateTime, start.timeZone || 'UTC');
    const endAt = instantOf(end.dateTime, end.timeZone || 'UTC');
    return startAt === null || endAt === null
      ? []
      : [{ startAt, endAt, status: (status ?? 'busy').toLowerCase() }];
  });
  const fresh = told.filter(
    (one) => !known.busy.some((other) => other.startAt === one.startAt && other.endAt === one.endAt),
  );
  const error =
    row.error === null || row.error === undefined ? known.error : (row.error.responseCode ?? 'unknown');
  merged.set(known.address.toLowerCase(), { ...known, busy: [...known.busy, ...fresh], error });
}
