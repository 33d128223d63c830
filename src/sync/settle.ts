import type { ArrangementRow } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { EventReading, EventWrite } from '../domain/ports.ts';
import { ended } from './end-arrangement.ts';
import { lastEndOf } from './intent.ts';
import { mailsOf, type Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';
import { countMails, putEvent } from './write-event.ts';

/** The event after our write, whose outcome is kept. */
export async function written(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  write: EventWrite,
): Promise<EventReading> {
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  await settle(deps, at, row, outcome.event);
  return { kind: 'found', event: outcome.event };
}

/** A write whose answer nobody was left to hear. */
export async function settleLate(
  deps: SyncDeps,
  at: Occasion,
  known: ArrangementRow,
): Promise<ArrangementRow> {
  await countMails(deps, at);
  return await settle(deps, at, known, at.event);
}

/** The outcome row after the write. */
async function settle(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  { id: eventId, changeKey }: CalendarEvent,
): Promise<ArrangementRow> {
  const { mailboxId } = row;
  const now = deps.clock.now();
  const mails = mailsOf(at);
  const outcome = { writtenChangeKey: changeKey, writtenAt: now, endsAt: lastEndOf(at.event) };
  const settled: ArrangementRow = { ...row, ...outcome, state: 'standing', mails: row.mails + mails };
  await deps.store.writeTogether((w) => {
    w.putArrangement(settled);
    for (const code of ['DECORATED', `MAILS ${mails}`] as const)
      w.addTrace({ at: now, mailboxId, eventId, code });
  });
  deps.events.eventDecorated({ mailboxId, eventId, mails });
  return settled;
}

/** The intent of the write that takes everything of ours out: from then on an event without our mark is one that it has reached. */
export async function takingOut(deps: SyncDeps, row: ArrangementRow): Promise<ArrangementRow> {
  const leaving = { ...row, writtenChangeKey: null };
  await deps.store.writeTogether((w) => w.putArrangement(leaving));
  return leaving;
}

/** What was to be taken out stays: somebody put our address back before our write came. */
export async function staying(
  deps: SyncDeps,
  { event }: Occasion,
  row: ArrangementRow,
): Promise<ArrangementRow> {
  const kept = { ...row, writtenChangeKey: event.changeKey };
  await deps.store.writeTogether((w) => w.putArrangement(kept));
  return kept;
}

export async function end(deps: SyncDeps, row: ArrangementRow): Promise<void> {
  await deps.store.writeTogether(ended(deps, row).write);
  deps.wake();
}

export async function forget(deps: SyncDeps, { mailboxId, eventId }: ArrangementRow): Promise<void> {
  await deps.store.writeTogether((w) => w.deleteArrangement(mailboxId, eventId));
}
