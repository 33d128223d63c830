import { AppError } from '../domain/app-error.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { decideDecoration, decorate, standingOf } from '../domain/change.ts';
import type { KeywordHit } from '../domain/keyword.ts';
import type { EventReading } from '../domain/ports.ts';
import type { ArrangementRow, MailboxRow } from '../domain/rows.ts';
import type { TraceCode } from '../domain/trace.ts';
import { openAddress } from './addresses.ts';
import { traced } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The event as it is after our write, or as it was read when there is nothing to write. */
export async function decorated(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
): Promise<EventReading> {
  const decision = decideDecoration(event, deps.settings.joinRules.keywords, deps.clock.now());
  if (decision.kind === 'arrange') {
    if (decision.keyword.modifierUnknown) await note(deps, mailbox, event.id, 'MODIFIER_UNKNOWN');
    return arrange(deps, mailbox, guid, event, decision.keyword);
  }
  if (decision.code !== null) await note(deps, mailbox, event.id, decision.code);
  return standing(deps, mailbox, guid, event);
}

/** An event without a keyword: what was arranged for it before stands or ends. */
async function standing(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
): Promise<EventReading> {
  const known = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  // Without our mark this is a reading from before our write: it says nothing about what became of it.
  if (known === null || known.mark !== event.mark) return { kind: 'found', event };
  // A write whose answer nobody was left to hear: the mark tells that it had landed (design D2).
  if (known.writtenAt === null) await settle(deps, known, event);
  const found = standingOf(event, known.mark, deps.settings.joinBlock);
  if (found.kind === 'stands') return { kind: 'found', event };
  const outcome =
    found.write === null
      ? ({ kind: 'written', event } as const)
      : await deps.graph.writeEvent(guid, event, found.write);
  if (outcome.kind === 'raced') throw raced();
  if (outcome.kind === 'gone') return { kind: 'gone' };
  await end(deps, known);
  return { kind: 'found', event: outcome.event };
}

/** The row goes after the block: a crash in between finds the address gone again, and nothing to write. */
async function end(deps: SyncDeps, { mailboxId, eventId }: ArrangementRow): Promise<void> {
  const at = deps.clock.now();
  await deps.store.writeTogether((w) => {
    w.deleteArrangement(mailboxId, eventId);
    w.addTrace({ at, mailboxId, eventId, code: 'ARRANGEMENT_ENDED' });
  });
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
  const intended = await intend(deps, mailbox, event);
  const look = { settings: deps.settings.joinBlock, locale: mailbox.locale };
  const write = decorate(event, keyword, room, intended.mark, look);
  const outcome = await deps.graph.writeEvent(guid, event, write);
  if (outcome.kind === 'raced') throw raced();
  if (outcome.kind === 'gone') return { kind: 'gone' };
  await settle(deps, intended, outcome.event);
  return { kind: 'found', event: outcome.event };
}

function note(deps: SyncDeps, mailbox: MailboxRow, eventId: string, code: TraceCode): Promise<void> {
  return deps.store.writeTogether(traced(deps, mailbox, eventId, code).write);
}

/** The intent row before the remote effect (design D3); a mark once given to an event stays its mark. */
function intend(deps: SyncDeps, mailbox: MailboxRow, event: CalendarEvent): Promise<ArrangementRow> {
  const now = deps.clock.now();
  const fresh = deps.random.uuid();
  return deps.store.writeTogether((w) => {
    const intended: ArrangementRow = {
      mailboxId: mailbox.id,
      eventId: event.id,
      kind: 'personal-room',
      mark: w.arrangement(mailbox.id, event.id)?.mark ?? fresh,
      writtenChangeKey: null,
      intendedAt: now,
      writtenAt: null,
      endsAt: event.endAt,
    };
    w.putArrangement(intended);
    return intended;
  });
}

/** The outcome row after it. */
async function settle(deps: SyncDeps, intended: ArrangementRow, event: CalendarEvent): Promise<void> {
  const { mailboxId, eventId } = intended;
  const at = deps.clock.now();
  await deps.store.writeTogether((w) => {
    w.putArrangement({ ...intended, writtenChangeKey: event.changeKey, writtenAt: at, endsAt: event.endAt });
    w.addTrace({ at, mailboxId, eventId, code: 'DECORATED' });
  });
  deps.events.eventDecorated({ mailboxId, eventId });
}

function raced(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'WRITE_RACED',
    message: 'The event was changed while its join details were being written; it is read and decided again.',
  });
}
