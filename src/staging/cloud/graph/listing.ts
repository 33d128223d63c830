import type { Context } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { eventAnswer, readShape, type Shape } from './event-answer.ts';
import { pageOf } from './event-query.ts';
import { dressed, type Reader } from './faults/reading.ts';
import { queryOf } from './graph-call.ts';
import type { StoredEvent } from './graph-event.ts';
import { readPreferences } from './preferences.ts';

/** A page of events as an answer, with its nextLink. `where` is the path in the context of the answer. */
export function listing(
  context: CloudContext,
  c: Context,
  reader: Reader,
  list: {
    readonly where: string;
    readonly events: readonly StoredEvent[];
    readonly shape?: (asked: Shape) => Shape;
  },
): Response {
  const query = queryOf(c);
  const asked = readShape(query);
  const shape = list.shape?.(asked) ?? asked;
  const preferences = readPreferences(c);
  const page = pageOf(list.events, query);
  return c.json({
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#users('${reader.mailbox}')/${list.where}`,
    ...(query.get('$count') === 'true' ? { '@odata.count': page.count } : {}),
    value: page.events.map((stored) => eventAnswer(dressed(context, reader, stored), shape, preferences)),
    ...(page.nextSkip === null ? {} : { '@odata.nextLink': nextLink(context, c, page.nextSkip) }),
  });
}

function nextLink(context: CloudContext, c: Context, skip: number): string {
  const asked = new URL(c.req.url);
  const link = new URL(`${context.baseUrl}${asked.pathname}${asked.search}`);
  link.searchParams.set('$skip', String(skip));
  return link.toString();
}
