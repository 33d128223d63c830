import type { CalendarEvent } from '../domain/calendar-event.ts';
import { listObstacle } from '../domain/change.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { allOf, type Closing } from './closing.ts';
import { listWindow } from './list-window.ts';
import { storeMeeting, traced, withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Brings the list in step with a whole series. Graph often tells of a changed or deleted occurrence only by its master, so the
 * occurrences in the window are always read anew and what is listed beyond them goes (reference: graph.md 3.3).
 */
export async function syncSeries(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  masterId: string,
): Promise<Closing> {
  const window = listWindow(deps, deps.clock.now());
  const reading = await deps.graph.readSeries(guid, masterId, window);
  if (reading.kind === 'gone') return withdrawSeries(deps, mailbox, masterId);
  const closings: Closing[] = [];
  for (const event of reading.events) closings.push(await syncOccurrence(deps, mailbox, masterId, event));
  for (const id of reading.unreadable) closings.push(traced(deps, mailbox, id, 'UNPARSABLE_EVENT'));
  const present = new Set([...reading.events.map((event) => event.id), ...reading.unreadable]);
  for (const row of deps.store.read((r) => r.listedOfSeries(mailbox.id, masterId)))
    if (!present.has(row.eventId)) closings.push(withdrawMeeting(deps, mailbox, row.eventId, 'DELETED'));
  return allOf(closings);
}

/** The whole series is gone. */
export function withdrawSeries(deps: SyncDeps, mailbox: MailboxRow, masterId: string): Closing {
  const listed = deps.store.read((r) => r.listedOfSeries(mailbox.id, masterId));
  return allOf(listed.map((row) => withdrawMeeting(deps, mailbox, row.eventId, 'DELETED')));
}

async function syncOccurrence(
  deps: SyncDeps,
  mailbox: MailboxRow,
  masterId: string,
  event: CalendarEvent,
): Promise<Closing> {
  const obstacle = listObstacle(event, listWindow(deps, deps.clock.now()));
  if (obstacle !== null) return withdrawMeeting(deps, mailbox, event.id, obstacle, event);
  return await storeMeeting(deps, mailbox, { ...event, seriesMasterId: event.seriesMasterId ?? masterId });
}
