import type { CalendarEvent } from '../domain/calendar-event.ts';
import { listObstacle } from '../domain/change.ts';
import type { EventReading } from '../domain/ports.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { decorated } from './arrange.ts';
import { allOf, type Closing } from './closing.ts';
import { listWindow } from './list-window.ts';
import { storeMeeting, traced, withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** A mailbox whose GUID is learnt. */
export type KnownMailbox = MailboxRow & { readonly guid: string };

/**
 * Brings the list in step with a whole series. Graph often tells of a changed or deleted occurrence only by its master, so the
 * occurrences in the window are always read anew and what is listed beyond them goes (reference: graph.md 3.3).
 */
export async function syncSeries(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  masterId: string,
  hintedAt: number,
): Promise<Closing> {
  const window = listWindow(deps, deps.clock.now());
  const reading = await deps.graph.readSeries(mailbox.guid, masterId, window);
  if (reading.kind === 'gone') return withdrawSeries(deps, mailbox, masterId, hintedAt);
  const closings: Closing[] = [];
  for (const event of reading.events)
    closings.push(await syncOccurrence(deps, mailbox, withMaster(event, masterId), hintedAt));
  for (const id of reading.unreadable) closings.push(traced(deps, mailbox, id, 'UNPARSABLE_EVENT'));
  const present = new Set([...reading.events.map((event) => event.id), ...reading.unreadable]);
  for (const row of deps.store.read((r) => r.listedOfSeries(mailbox.id, masterId)))
    if (!present.has(row.eventId))
      closings.push(withdrawMeeting(deps, mailbox, row.eventId, 'DELETED', hintedAt));
  return allOf(closings);
}

/** The whole series is gone. */
export function withdrawSeries(
  deps: SyncDeps,
  mailbox: MailboxRow,
  masterId: string,
  hintedAt: number,
): Closing {
  const listed = deps.store.read((r) => r.listedOfSeries(mailbox.id, masterId));
  return allOf(listed.map((row) => withdrawMeeting(deps, mailbox, row.eventId, 'DELETED', hintedAt)));
}

async function syncOccurrence(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  read: CalendarEvent,
  hintedAt: number,
): Promise<Closing> {
  const written = await withJoinDetails(deps, mailbox, read);
  if (written.kind === 'gone') return withdrawMeeting(deps, mailbox, read.id, 'DELETED', hintedAt);
  const event = { ...written.event, seriesMasterId: read.seriesMasterId };
  const obstacle = listObstacle(event, listWindow(deps, deps.clock.now()));
  if (obstacle !== null) return withdrawMeeting(deps, mailbox, event.id, obstacle, hintedAt, event);
  return await storeMeeting(deps, mailbox, event, hintedAt);
}

// An exception has a location of its own, which what is written to its series does not reach (reference: graph.md 5.1).
async function withJoinDetails(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  event: CalendarEvent,
): Promise<EventReading> {
  if (event.type !== 'exception') return { kind: 'found', event };
  return await decorated(deps, mailbox, mailbox.guid, event);
}

function withMaster(event: CalendarEvent, masterId: string): CalendarEvent {
  return { ...event, seriesMasterId: event.seriesMasterId ?? masterId };
}
