import type { LeasedJob } from '../domain/job.ts';
import type { ListWindow } from '../domain/meeting.ts';
import { mailboxJob, syncEventJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;

/** The window of the meetings list around an instant. */
export function listWindow(deps: SyncDeps, now: number): ListWindow {
  return { from: now - deps.settings.windowBackMs, to: now + deps.settings.windowAheadMs };
}

/**
 * Compares the mailbox's window with what is stored and enqueues a look at everything that differs: the net under the
 * notifications, run at every start and every night (design D1). It decides nothing itself.
 */
export async function readWindow(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  if (mailbox.guid === null) return;
  const window = listWindow(deps, deps.clock.now());
  const stubs = await deps.graph.listWindow(mailbox.guid, window);
  const now = deps.clock.now();
  deps.store.write((w) => {
    const unseen = new Map(
      w.listedMeetings(mailbox.id, window.from, window.to).map((row) => [row.eventId, row.changeKey]),
    );
    for (const stub of stubs) {
      const same = (unseen.get(stub.id) ?? w.meeting(mailbox.id, stub.id)?.changeKey) === stub.changeKey;
      unseen.delete(stub.id);
      if (!same) w.enqueue(syncEventJob(deps.settings, mailbox.id, stub.id, now), now);
    }
    // Listed here, but not in the mailbox any more: deleted or moved while nobody told us.
    for (const eventId of unseen.keys())
      w.enqueue(syncEventJob(deps.settings, mailbox.id, eventId, now), now);
    w.enqueue(mailboxJob('read-window', mailbox.id, nightly(deps, now)), now);
  });
  deps.wake();
}

// A day later, ±1 h, so that the mailboxes spread over the night.
function nightly(deps: SyncDeps, now: number): number {
  return Math.round(now + DAY_MS + (deps.random.unit() - 0.5) * 2 * 60 * 60_000);
}
