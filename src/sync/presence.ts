import type { LeasedJob } from '../domain/job.ts';
import { outOfOffice } from '../domain/out-of-office.ts';
import type { MailboxRow, PresenceRow } from '../domain/rows.ts';
import { mailboxJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Tells Webex whether somebody is out of office, and until when. Evaluated with our own clock at each edge of a scheduled
 * absence, so that presence flips on time without asking Graph again (reference: graph.md 6).
 */
export async function presence(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  const row = evaluate(deps, mailbox);
  if (row === null || mailbox.webexId === null || row.deliveredVersion >= row.version) return;
  await deps.sink.setPresence(mailbox.webexId, { away: row.away, until: row.until }, row.version);
  deps.store.write((w) => w.setPresenceDelivered(mailbox.id, row.version));
  deps.events.presenceChanged({ mailboxId: mailbox.id, away: row.away });
}

/**
 * The row as it is now; a new version when something changed, and the next edge as a job. Versions are at least the time, so that
 * they go on growing when a mailbox is forgotten and added again.
 */
function evaluate(deps: SyncDeps, mailbox: MailboxRow): PresenceRow | null {
  const now = deps.clock.now();
  return deps.store.write((w) => {
    const stored = w.presence(mailbox.id);
    if (stored === null) return null;
    const { away, until, nextEdgeAt } = outOfOffice(stored.replies, now);
    if (nextEdgeAt !== null) w.enqueue(mailboxJob('presence', mailbox.id, nextEdgeAt), now);
    // Somebody who was never away needs no telling.
    const changed = away !== stored.away || (away && until !== stored.until);
    if (!changed) return stored;
    const next = { ...stored, away, until, version: Math.max(stored.version + 1, now) };
    w.putPresence(next);
    return next;
  });
}
