import { AppError } from '../domain/app-error.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { decideDecoration, decorate, listObstacle } from '../domain/change.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { KeywordHit } from '../domain/keyword.ts';
import type { EventReading } from '../domain/ports.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { TraceCode } from '../domain/trace.ts';
import { openAddress } from './addresses.ts';
import { type Closing, NOTHING } from './closing.ts';
import { mailboxOf } from './job-mailbox.ts';
import { listWindow } from './read-window.ts';
import { storeMeeting, traced, withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * One settled change, once: read the event, decide, write the join details if a keyword asks for them, then seal and store
 * what the meetings list shall show. The event's plaintext lives in this call only (design D2, D4).
 */
export async function syncEvent(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const { guid } = mailbox;
  const { eventId, createdAt } = job;
  if (guid === null || eventId === null) return NOTHING;
  const reading = await deps.graph.readEvent(guid, eventId);
  if (reading.kind === 'gone') return withdrawMeeting(deps, mailbox, eventId, 'DELETED', createdAt);
  const known = deps.store.read((r) => r.meeting(mailbox.id, eventId)?.changeKey);
  // Our own write, or a hint about something that was worked off already.
  if (known === reading.event.changeKey) return traced(deps, mailbox, eventId, 'UNCHANGED');
  const written = await decorated(deps, mailbox, guid, reading.event);
  if (written.kind === 'gone') return withdrawMeeting(deps, mailbox, eventId, 'DELETED', createdAt);
  const obstacle = listObstacle(written.event, listWindow(deps, deps.clock.now()));
  if (obstacle !== null) return withdrawMeeting(deps, mailbox, eventId, obstacle, createdAt, written.event);
  return await storeMeeting(deps, mailbox, written.event, createdAt);
}

/** The event as it is after our write, or as it was read when there is nothing to write. */
async function decorated(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
): Promise<EventReading> {
  const decision = decideDecoration(event, deps.clock.now());
  if (decision.kind === 'arrange') return arrange(deps, mailbox, guid, event, decision.keyword);
  if (decision.code !== null) await note(deps, mailbox, event.id, decision.code);
  await noteLanded(deps, mailbox, event);
  return { kind: 'found', event };
}

function note(deps: SyncDeps, mailbox: MailboxRow, eventId: string, code: TraceCode): Promise<void> {
  return deps.store.writeTogether(traced(deps, mailbox, eventId, code).write);
}

/** A write whose answer nobody was left to hear: the mark in the event tells that it had landed (design D2). */
async function noteLanded(deps: SyncDeps, mailbox: MailboxRow, event: CalendarEvent): Promise<void> {
  const intended = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  if (intended === null || intended.writtenAt !== null || intended.mark !== event.mark) return;
  await settle(deps, mailbox, event, intended.mark);
}

async function arrange(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
  keyword: KeywordHit,
): Promise<EventReading> {
  const room = await deps.webex.personalRoom(await openAddress(deps, mailbox));
  if (room === null) {
    await note(deps, mailbox, event.id, 'NO_PERSONAL_ROOM');
    return { kind: 'found', event };
  }
  const mark = await intend(deps, mailbox, event);
  const outcome = await deps.graph.writeEvent(guid, event, decorate(event, keyword, room, mark));
  if (outcome.kind === 'raced') throw raced();
  if (outcome.kind === 'gone') return { kind: 'gone' };
  await settle(deps, mailbox, outcome.event, mark);
  return { kind: 'found', event: outcome.event };
}

/** The intent row before the remote effect (design D3); a mark once given to an event stays its mark. */
function intend(deps: SyncDeps, mailbox: MailboxRow, event: CalendarEvent): Promise<string> {
  const now = deps.clock.now();
  const fresh = deps.random.uuid();
  return deps.store.writeTogether((w) => {
    const mark = w.arrangement(mailbox.id, event.id)?.mark ?? fresh;
    w.putArrangement({
      mailboxId: mailbox.id,
      eventId: event.id,
      kind: 'personal-room',
      mark,
      writtenChangeKey: null,
      intendedAt: now,
      writtenAt: null,
      endsAt: event.endAt,
    });
    return mark;
  });
}

/** The outcome row after it. */
async function settle(
  deps: SyncDeps,
  mailbox: MailboxRow,
  event: CalendarEvent,
  mark: string,
): Promise<void> {
  const now = deps.clock.now();
  await deps.store.writeTogether((w) => {
    const intended = w.arrangement(mailbox.id, event.id);
    w.putArrangement({
      mailboxId: mailbox.id,
      eventId: event.id,
      kind: 'personal-room',
      mark,
      writtenChangeKey: event.changeKey,
      intendedAt: intended?.intendedAt ?? now,
      writtenAt: now,
      endsAt: event.endAt,
    });
    w.addTrace({ at: now, mailboxId: mailbox.id, eventId: event.id, code: 'DECORATED' });
  });
  deps.events.eventDecorated({ mailboxId: mailbox.id, eventId: event.id });
}

function raced(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'WRITE_RACED',
    message: 'The event was changed while its join details were being written; it is read and decided again.',
  });
}
