import { type ArrangementRow, isOfItsOwn } from '../domain/arrangement.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { carrying } from '../domain/series-deviations.ts';
import { openAddress } from './addresses.ts';
import { type Closing, rows } from './closing.ts';
import { mailboxOf } from './job-mailbox.ts';
import { note, type Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Asks for the occurrences of a series to be carried, where a meeting was made for it. */
export function carryLater(deps: SyncDeps, { id: mailboxId }: MailboxRow, eventId: string): Closing {
  const runAt = deps.clock.now();
  const key = `${mailboxId}/${eventId}`;
  return rows((w) => {
    if (meetingOf(w.arrangement(mailboxId, eventId)) === null) return;
    w.enqueue({ kind: 'carry-occurrences', key, mailboxId, eventId, runAt, merge: 'earliest' }, runAt);
  });
}

/**
 * Lets the occurrences of a series’ meeting follow those in the calendar that were moved or cancelled by themselves. What Webex
 * refuses is asked again when the series is next looked at.
 */
export async function carryOccurrences(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  const { guid } = mailbox;
  const eventId = job.eventId ?? '';
  if (guid === null) return;
  await deps.turns.take(`${mailbox.id}/${eventId}`, async () => {
    const reading = await deps.graph.readEvent(guid, eventId);
    if (reading.kind === 'found') await carry(deps, { mailbox, guid, event: reading.event });
  });
}

// An exception with an arrangement of its own has nothing to do with the series’ meeting.
async function carry(deps: SyncDeps, at: Occasion): Promise<void> {
  const { mailbox, guid, event } = at;
  const row = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  const meetingId = event.type === 'seriesMaster' && !event.isCancelled ? meetingOf(row) : null;
  if (row === null || meetingId === null) return;
  const read = await deps.graph.readDeviations(guid, event.id);
  const own = new Set(
    deps.store.read((r) => r.arrangementsOfSeries(mailbox.id, event.id)).map(({ eventId }) => eventId),
  );
  const exceptions = read.exceptions.filter(({ eventId }) => !own.has(eventId));
  const { todo, carried } = carrying(event, { ...read, exceptions }, row.carried, deps.clock.now());
  if (todo.length === 0) return;
  const host = row.kind === 'space' ? null : await openAddress(deps, mailbox);
  let refused = 0;
  for (const one of todo) if ((await deps.meetings.carry(meetingId, one, host)) === 'refused') refused += 1;
  await note(deps, at, refused === 0 ? 'OCCURRENCES_CARRIED' : 'OCCURRENCE_REFUSED');
  if (refused === 0) await keep(deps, row, carried);
}

function meetingOf(row: ArrangementRow | null): string | null {
  if (row === null || !isOfItsOwn(row) || row.state !== 'standing') return null;
  return row.askedHash === null ? null : row.webexMeetingId;
}

async function keep(
  deps: SyncDeps,
  { mailboxId, eventId, mark }: ArrangementRow,
  carried: string | null,
): Promise<void> {
  await deps.store.writeTogether((w) => {
    const now = w.arrangement(mailboxId, eventId);
    if (now?.mark === mark) w.putArrangement({ ...now, carried });
  });
}
