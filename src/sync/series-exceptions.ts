import type { CalendarEvent } from '../domain/calendar-event.ts';
import { readMark } from '../domain/mark.ts';
import type { EventWrite } from '../domain/ports.ts';
import { showsBlock } from '../domain/standing.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';
import { putEvent } from './write-event.ts';

/**
 * Writes to the exceptions of a series that hold what was written to it before they came to be: from then on no write to the
 * series reaches them (reference: graph.md 5.1). Those with an arrangement of their own are let be. True when any was written: then the
 * series itself has another etag than it was read with.
 */
export async function writeInheritors(
  deps: SyncDeps,
  at: Occasion,
  writeOf: (exception: CalendarEvent) => EventWrite | null | Promise<EventWrite | null>,
): Promise<boolean> {
  let anyWritten = false;
  for await (const event of inheritors(deps, at)) {
    const write = await writeOf(event);
    await putEvent(deps, { ...at, event }, write);
    anyWritten ||= write !== null;
  }
  return anyWritten;
}

/** Each is read when its turn comes: a write to one of them gives all of the series another etag. */
async function* inheritors(
  deps: SyncDeps,
  { mailbox, guid, event }: Occasion,
): AsyncGenerator<CalendarEvent> {
  if (event.type !== 'seriesMaster') return;
  const mark = readMark(event.mark)?.id;
  for (const { id, endAt } of await deps.graph.readExceptions(guid, event.id)) {
    const own = deps.store.read((r) => r.arrangement(mailbox.id, id));
    // With the mark of the series it is one that an interrupted round had come to.
    const isOfItsOwn = own !== null && own.mark !== mark;
    if (isOfItsOwn || endAt <= deps.clock.now()) continue;
    // As it is by itself: with its etag for the write.
    const reading = await deps.graph.readEvent(guid, id);
    if (reading.kind === 'found' && showsBlock(reading.event, deps.settings.joinBlock)) yield reading.event;
  }
}
