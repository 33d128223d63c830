import { type ArrangementRow, isOfItsOwn } from '../domain/arrangement.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { openAddress } from './addresses.ts';
import { type Closing, NOTHING, rows } from './closing.ts';
import { mailboxOf } from './job-mailbox.ts';
import { deleteMade } from './leftovers.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Ends an arrangement whose event is gone, cancelled or has lost our address. What was made in Webex for it alone is deleted by a
 * job of its own, so that Webex' troubles hold up nothing that needs only the calendar.
 */
export function ended(deps: SyncDeps, row: ArrangementRow): Closing {
  const at = deps.clock.now();
  const { mailboxId, eventId } = row;
  return rows((w) => {
    w.addTrace({ at, mailboxId, eventId, code: 'ARRANGEMENT_ENDED' });
    if (!isOfItsOwn(row)) return w.deleteArrangement(mailboxId, eventId);
    const key = `${mailboxId}/${eventId}`;
    w.putArrangement({ ...row, state: 'ending' });
    w.enqueue({ kind: 'end-arrangement', key, mailboxId, eventId, runAt: at, merge: 'earliest' }, at);
  });
}

/** The arrangements of an event and of the exceptions of a series end, whose calendar entry is gone. */
export function endedWith(deps: SyncDeps, mailbox: MailboxRow, eventId: string): readonly Closing[] {
  const own = deps.store.read((r) => r.arrangement(mailbox.id, eventId));
  const exceptions = deps.store.read((r) => r.arrangementsOfSeries(mailbox.id, eventId));
  return [...(own === null ? [] : [own]), ...exceptions].map((row) => ended(deps, row));
}

/** The row goes after what it stands for: each step may be repeated. */
export async function endArrangement(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  const row = deps.store.read((r) => r.arrangement(mailbox.id, job.eventId ?? ''));
  if (row === null || row.state !== 'ending') return NOTHING;
  await endAtWebex(deps, mailbox, row);
  return rows((w) => {
    const now = w.arrangement(row.mailboxId, row.eventId);
    if (now?.state === 'ending' && now.mark === row.mark) w.deleteArrangement(row.mailboxId, row.eventId);
  });
}

/**
 * Deletes what was made in Webex, found by its mark where a lost answer had left no id. A space that stood in an invitation is
 * the people's conversation: it stays. What Webex refuses to delete is a leftover from then on.
 */
export async function endAtWebex(deps: SyncDeps, mailbox: MailboxRow, row: ArrangementRow): Promise<void> {
  const { mailboxId, eventId } = row;
  const isOfSpace = row.kind === 'space';
  const host = isOfSpace ? null : await openAddress(deps, mailbox);
  const kind = isOfSpace ? 'space-meeting' : 'meeting';
  const meetingId = row.webexMeetingId ?? (await deps.meetings.find(row.mark, host));
  if (meetingId !== null) await deleteMade(deps, mailbox, { mailboxId, eventId, kind, id: meetingId });
  if (!isOfSpace || row.writtenAt !== null) return;
  const spaceId = row.spaceId ?? (await deps.spaces.find(row.mark, row.intendedAt));
  if (spaceId !== null) await deleteMade(deps, mailbox, { mailboxId, eventId, kind: 'space', id: spaceId });
}
