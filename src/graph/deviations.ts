import { z } from 'zod';
import type { ExceptionTimes, SeriesDeviations } from '../domain/series-deviations.ts';
import { type GraphClient, unreadable } from './client.ts';
import { saysNoItem } from './graph-error.ts';
import { instantOf } from './graph-time.ts';

/** Of the master, and of the exceptions that are shown with it. */
const MEMBERS = 'id,start,end,originalStart,cancelledOccurrences';
/** `OID.<id of the series>.<yyyy-mm-dd>`, the day in the zone of the series (reference: graph.md 3.3). */
const CANCELLED = /^OID\..+\.(\d{4}-\d{2}-\d{2})$/;

const TIME = z.object({ dateTime: z.string(), timeZone: z.string() });
const EXCEPTION = z.object({ id: z.string(), start: TIME, end: TIME, originalStart: z.string().nullish() });
const SERIES = z.object({
  cancelledOccurrences: z.array(z.string()).nullish(),
  exceptionOccurrences: z.array(z.unknown()).nullish(),
});

/** Which occurrences of a series were cancelled, and when its exceptions take place; none of either when the series is gone. */
export async function readDeviations(
  client: GraphClient,
  guid: string,
  masterId: string,
): Promise<SeriesDeviations> {
  const url = client.urlOf(['users', guid, 'events', masterId], {
    $select: MEMBERS,
    $expand: 'exceptionOccurrences',
  });
  const answer = await client.call({ method: 'GET', url, mailbox: guid.toLowerCase() });
  if (answer.kind !== 'done') {
    if (saysNoItem(answer.refusal)) return { cancelled: [], exceptions: [] };
    throw answer.error;
  }
  const series = SERIES.safeParse(answer.json).data;
  if (series === undefined) throw unreadable();
  return {
    cancelled: (series.cancelledOccurrences ?? []).flatMap((text) => CANCELLED.exec(text)?.[1] ?? []),
    exceptions: (series.exceptionOccurrences ?? []).flatMap(timesIn),
  };
}

/** None of an exception that can’t be read; one that does not tell when its series has it takes place then. */
function timesIn(json: unknown): ExceptionTimes[] {
  const row = EXCEPTION.safeParse(json).data;
  if (row === undefined) return [];
  const [startAt, endAt] = [row.start, row.end].map(({ dateTime, timeZone }) =>
    instantOf(dateTime, timeZone),
  );
  const originalStartAt = instantOf(row.originalStart ?? '', 'UTC') ?? startAt;
  if (startAt == null || endAt == null || originalStartAt == null) return [];
  return [{ eventId: row.id, originalStartAt, startAt, endAt }];
}
