import { isOfItsOwn } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { listObstacle } from '../domain/change.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { carryLater } from './carry-occurrences.ts';
import { allOf, type Closing, NOTHING, rows } from './closing.ts';
import { decorated } from './decorate-event.ts';
import { endedWith } from './end-arrangement.ts';
import { syncEventJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import { listWindow } from './list-window.ts';
import { type KnownMailbox, syncSeries, withdrawSeries } from './series.ts';
import { storeMeeting, traced, withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { awaited } from './upcoming.ts';

/**
 * One settled change, once: read the event, decide, write the join details if a keyword asks for them, then seal and store
 * what the meetings list shall show. The event's plaintext lives in this call only (design D2, D4).
 */
export async function syncEvent(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const { guid } = mailbox;
  const { eventId, createdAt: hintedAt } = job;
  if (guid === null || eventId === null) return NOTHING;
  const reading = await deps.graph.readEvent(guid, eventId);
  if (reading.kind === 'gone') return withdrawGone(deps, mailbox, eventId, hintedAt);
  const { event } = reading;
  // An occurrence has nothing of its own: whatever changed is found by reading its series.
  if (event.type === 'occurrence') return lookAtSeries(deps, mailbox, event);
  const known = deps.store.read((r) => r.meeting(mailbox.id, eventId)?.changeKey);
  // Our own write, or a hint about something that was worked off already.
  if (known === event.changeKey && !isAwaited(deps, mailbox, eventId))
    return traced(deps, mailbox, eventId, 'UNCHANGED');
  const written = await decorated(deps, mailbox, guid, event);
  if (written.kind === 'gone') return withdrawGone(deps, mailbox, eventId, hintedAt);
  return await list(deps, { ...mailbox, guid }, written.event, hintedAt);
}

/** Something is still to be done about its arrangement although nobody changed the event. */
function isAwaited(deps: SyncDeps, mailbox: MailboxRow, eventId: string): boolean {
  const row = deps.store.read((r) => r.arrangement(mailbox.id, eventId));
  return (
    row?.state === 'undecorating' ||
    row?.state === 'rewriting' ||
    (row?.state === 'standing' && (row.writtenAt === null || (isOfItsOwn(row) && row.askedHash === null)))
  );
}

async function list(
  deps: SyncDeps,
  mailbox: KnownMailbox,
  event: CalendarEvent,
  hintedAt: number,
): Promise<Closing> {
  if (event.type === 'seriesMaster')
    return allOf([await syncSeries(deps, mailbox, event, hintedAt), carryLater(deps, mailbox, event.id)]);
  if (event.type === 'exception') return lookAtSeries(deps, mailbox, event);
  const obstacle = listObstacle(event, listWindow(deps, deps.clock.now()));
  if (obstacle === null) return await storeMeeting(deps, mailbox, event, hintedAt);
  const withdrawn = withdrawMeeting(deps, mailbox, event.id, obstacle, hintedAt, event);
  return obstacle === 'OUT_OF_WINDOW'
    ? allOf([withdrawn, awaited(deps, mailbox, event.id, [event.startAt])])
    : withdrawn;
}

function lookAtSeries(deps: SyncDeps, mailbox: MailboxRow, { seriesMasterId }: CalendarEvent): Closing {
  return seriesMasterId === null ? NOTHING : lookAt(deps, mailbox, seriesMasterId);
}

function lookAt(deps: SyncDeps, mailbox: MailboxRow, eventId: string): Closing {
  const now = deps.clock.now();
  return rows((w) => w.enqueue(syncEventJob(deps.settings, mailbox.id, eventId, now), now));
}

/** Gone may mean a single event, a whole series, or one occurrence, whose series then tells the rest. */
function withdrawGone(deps: SyncDeps, mailbox: MailboxRow, eventId: string, hintedAt: number): Closing {
  const stored = deps.store.read((r) => r.meeting(mailbox.id, eventId));
  const single = withdrawMeeting(deps, mailbox, eventId, 'DELETED', hintedAt);
  const ends = endedWith(deps, mailbox, eventId);
  const gone = [withdrawSeries(deps, mailbox, eventId, hintedAt), single, ...ends];
  const inSeries = stored !== null && stored.seriesId !== null && stored.state === 'listed';
  return allOf(inSeries ? [...gone, lookAt(deps, mailbox, stored.seriesId)] : gone);
}
