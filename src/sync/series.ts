import type { ArrangementRow } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { listObstacle } from '../domain/change.ts';
import { findKeyword } from '../domain/keyword.ts';
import type { EventReading } from '../domain/ports.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { allOf, type Closing } from './closing.ts';
import { decorated } from './decorate-event.ts';
import { ended } from './end-arrangement.ts';
import { listWindow } from './list-window.ts';
import { storeMeeting, traced, withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { awaited } from './upcoming.ts';

/** Occurrences of the next day are known before the list reaches them. A little more: rounds with a fresh window may be late. */
const SOON_MS = 26 * 60 * 60_000;

/** A mailbox whose GUID is learnt. */
export type KnownMailbox = MailboxRow & { readonly guid: string };

/**
 * Brings the list in step with a whole series. Graph often tells of a changed or deleted occurrence only by its master, so the
 * occurrences in the window are always read anew and what is listed beyond them goes (reference: graph.md 3.3).
 */
export async function syncSeries(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  master: Pick<CalendarEvent, 'id' | 'lastEndAt' | 'isOrganizer'>,
  hintedAt: number,
): Promise<Closing> {
  const masterId = master.id;
  const { from, to } = listWindow(deps, deps.clock.now());
  const reading = await deps.graph.readSeries(mailbox.guid, masterId, { from, to: to + SOON_MS });
  if (reading.kind === 'gone') return withdrawSeries(deps, mailbox, masterId, hintedAt);
  const closings: Closing[] = [];
  const near = reading.events.filter(({ startAt }) => startAt < to);
  for (const event of near)
    closings.push(await syncOccurrence(deps, mailbox, withMaster(event, masterId), hintedAt));
  for (const id of reading.unreadable) closings.push(traced(deps, mailbox, id, 'UNPARSABLE_EVENT'));
  closings.push(
    awaited(
      deps,
      mailbox,
      masterId,
      reading.events.map(({ startAt }) => startAt),
    ),
  );
  const present = new Set([...near.map((event) => event.id), ...reading.unreadable]);
  for (const row of deps.store.read((r) => r.listedOfSeries(mailbox.id, masterId)))
    if (!present.has(row.eventId))
      closings.push(withdrawMeeting(deps, mailbox, row.eventId, 'DELETED', hintedAt));
  // The last one may have been moved beyond the end of the series.
  const reach =
    missing(deps, mailbox, masterId, present).length > 0 ? { ...master, lastEndAt: null } : master;
  const far = await beyondWindow(deps, mailbox, reach, to);
  for (const row of missing(deps, mailbox, masterId, present))
    if (!far.has(row.eventId)) closings.push(ended(deps, row));
  return allOf(closings);
}

/**
 * Keywords in exceptions beyond the window of the list are answered all the same: nothing else tells of them where no
 * notifications come. Returns the ids of all exceptions there.
 */
async function beyondWindow(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  { id: masterId, lastEndAt, isOrganizer }: Pick<CalendarEvent, 'id' | 'lastEndAt' | 'isOrganizer'>,
  after: number,
): Promise<ReadonlySet<string>> {
  if (!isOrganizer || (lastEndAt !== null && lastEndAt <= after)) return new Set();
  const exceptions = await deps.graph.readExceptions(mailbox.guid, masterId);
  const far = exceptions.filter(({ startAt }) => startAt >= after);
  for (const { id, locations } of far) {
    const names = locations.map(({ displayName }) => displayName);
    const isArranged = deps.store.read((r) => r.arrangement(mailbox.id, id)) !== null;
    if (!isArranged && findKeyword(names, deps.settings.joinRules.keywords) === null) continue;
    // Only read by itself does it show our extended property.
    const reading = await deps.graph.readEvent(mailbox.guid, id);
    if (reading.kind === 'found') await decorated(deps, mailbox, mailbox.guid, reading.event);
  }
  return new Set(far.map(({ id }) => id));
}

/** Exceptions still to come that something is arranged for, and that are not among the present. */
function missing(
  deps: SyncDeps,
  mailbox: MailboxRow,
  masterId: string,
  present: ReadonlySet<string>,
): ArrangementRow[] {
  const now = deps.clock.now();
  const arranged = deps.store.read((r) => r.arrangementsOfSeries(mailbox.id, masterId));
  return arranged.filter(({ eventId, endsAt }) => !present.has(eventId) && (endsAt === null || endsAt > now));
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
