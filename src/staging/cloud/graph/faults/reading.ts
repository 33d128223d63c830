import type { CloudContext } from '../../cloud-context.ts';
import type { StoredEvent } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { graphState } from '../graph-state.ts';
import type { GraphWrite } from '../graph-writes.ts';
import { previewOf } from '../html-body.ts';
import { occurrenceOf } from '../series/occurrence.ts';
import { readOccurrenceId } from '../series/occurrence-id.ts';
import type { TimeWindow } from '../time-window.ts';
import { rewrittenHtml } from './html-rewriting.ts';

/** Which application reads whose mailbox. */
export interface Reader {
  readonly app: GraphWrite['app'];
  readonly mailbox: string;
}

/** The event of that id as the application sees it: perhaps older than it is. */
export function seenEvent(context: CloudContext, reader: Reader, id: string): StoredEvent | undefined {
  const item = seenItem(context, reader, id);
  if (item !== undefined) return item;
  const read = readOccurrenceId(id);
  const master = read === null ? undefined : seenItem(context, reader, read.masterId);
  if (read === null || master === undefined || !isSeries(master)) return undefined;
  return occurrenceOf(master, read.slot) ?? undefined;
}

/** The single events and series of a mailbox as the application sees them. */
export function seenItems(context: CloudContext, { app, mailbox }: Reader): StoredEvent[] {
  const { events, staleReads } = graphState(context);
  const items = events.inMailbox(mailbox);
  if (staleReads.none) return items;
  return items.flatMap((item) => staleReads.seen(app, mailbox, item.event.id, item) ?? []);
}

/** Of those, what may touch the window. */
export function seenNear(context: CloudContext, reader: Reader, window: TimeWindow): StoredEvent[] {
  const { events, staleReads } = graphState(context);
  return staleReads.none ? events.touching(reader.mailbox, window) : seenItems(context, reader);
}

/** The event with the body that the application gets to read: perhaps rewritten, but always in the same way. */
export function dressed(context: CloudContext, { app, mailbox }: Reader, stored: StoredEvent): StoredEvent {
  const { event } = stored;
  const key = `${event.id} ${event.changeKey}`;
  const how = graphState(context).misbehaviours.strikeAlways('rewrite-html', { app, mailbox }, key);
  if (how === null) return stored;
  const content = rewrittenHtml(event.body.content, how);
  const bodyPreview = previewOf(content);
  return { ...stored, event: { ...event, body: { contentType: 'html', content }, bodyPreview } };
}

function seenItem(context: CloudContext, { app, mailbox }: Reader, id: string): StoredEvent | undefined {
  const { events, staleReads } = graphState(context);
  return staleReads.seen(app, mailbox, id, events.get(mailbox, id));
}
