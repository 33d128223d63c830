import type { NewJob } from '../domain/job.ts';
import type { ResyncProgress } from '../domain/status.ts';
import type { Writer } from '../domain/store-port.ts';
import type { Closing } from './closing.ts';
import { isBusy, mailboxJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Mailboxes at a time. */
const SLICE = 5;
const SOON_MS = 1_000;
const RESTING_MS = 60_000;

/**
 * Has one mailbox, or for null all, read anew over its whole window and delivered anew: every meeting under its own id, with a new
 * version. Asking again while it goes on changes nothing. False when there is no such mailbox.
 */
export function askResync(deps: SyncDeps, mailboxId: number | null): boolean {
  const now = deps.clock.now();
  const known = deps.store.write((w) => {
    if (mailboxId !== null && w.mailbox(mailboxId) === null) return false;
    const ids = mailboxId === null ? w.mailboxes().map(({ id }) => id) : [mailboxId];
    for (const id of ids) w.putResync(id);
    w.enqueue(resyncJob(now), now);
    return true;
  });
  deps.wake();
  return known;
}

/** Begins with some of the mailboxes, ends those that are through, and comes back as long as there are any. */
export async function resync(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const write = (w: Writer): void => {
    w.endResyncs();
    for (const mailboxId of isBusy(w) ? [] : w.nextResyncs(SLICE)) {
      w.beginResync(mailboxId);
      w.enqueue(mailboxJob('delta-round', mailboxId, now), now);
    }
    const { mailboxes, resting }: ResyncProgress = w.resyncProgress();
    if (mailboxes === 0) return;
    w.enqueue(resyncJob(now + (mailboxes === resting ? RESTING_MS : SOON_MS)), now);
  };
  return { write, told: () => undefined };
}

function resyncJob(runAt: number): NewJob {
  return { kind: 'resync', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
