import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { Shape } from './event-answer.ts';
import { seenEvent, seenNear } from './faults/reading.ts';
import { queryOf } from './graph-call.ts';
import type { StoredEvent } from './graph-event.ts';
import { isSeries } from './graph-event.ts';
import { invalid, notFoundItem } from './graph-refusal.ts';
import { listing } from './listing.ts';
import { mailboxReader } from './mailbox-call.ts';
import { instancesIn } from './series/occurrence.ts';
import { overlaps, readWindow, type TimeWindow, timesOf } from './time-window.ts';

/** What takes place in a window: of one series, and of the whole calendar (reference: graph.md op 3 and h4). */
export function calendarViewRoutes(context: CloudContext): Hono {
  const app = new Hono();
  for (const base of ['/v1.0/users/:u', '/v1.0/users/:u/calendar'] as const) {
    app.get(`${base}/calendarView`, (c) => calendarView(context, c));
    app.get(`${base}/events/:e/instances`, (c) => instances(context, c));
  }
  return app;
}

/** The events of a mailbox that take place in the window, series as their occurrences, by their start. */
export function eventsIn(items: readonly StoredEvent[], window: TimeWindow): StoredEvent[] {
  return items
    .flatMap((item) => (isSeries(item) ? instancesIn(item, window) : [item]))
    .filter(({ event }) => overlaps(timesOf(event), window))
    .toSorted((a, b) => timesOf(a.event).from - timesOf(b.event).from);
}

function calendarView(context: CloudContext, c: Context): Response {
  const reader = mailboxReader(context, c);
  const window = readWindow(queryOf(c));
  const events = eventsIn(seenNear(context, reader, window), window);
  return listing(context, c, reader, { where: 'calendarView', events, shape: withoutHiddenMeeting });
}

function instances(context: CloudContext, c: Context): Response {
  const reader = mailboxReader(context, c);
  const window = readWindow(queryOf(c));
  const id = c.req.param('e') ?? '';
  const master = seenEvent(context, reader, id);
  if (master === undefined) throw notFoundItem();
  if (!isSeries(master)) {
    throw invalid('ErrorInvalidRequest', 'Instances can only be listed of the master of a series.');
  }
  const where = `events('${encodeURIComponent(id)}')/instances`;
  return listing(context, c, reader, { where, events: instancesIn(master, window) });
}

// A view shows `onlineMeeting` only together with `isOnlineMeeting` (reference: graph.md 1.4).
function withoutHiddenMeeting(shape: Shape): Shape {
  if (shape.select === null || shape.select.includes('isOnlineMeeting')) return shape;
  return { ...shape, select: shape.select.filter((name) => name !== 'onlineMeeting') };
}
