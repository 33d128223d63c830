import { directoryKey } from './addresses.ts';
import { ofSteps } from './closing.ts';
import { deliver } from './deliver.ts';
import { enableMailbox } from './enable-mailbox.ts';
import { mailboxJob } from './intake.ts';
import { renewSubscription } from './keep-subscription.ts';
import { prune, pruneJob } from './prune.ts';
import { readWindow } from './read-window.ts';
import type { SyncDeps } from './sync-deps.ts';
import { syncEvent } from './sync-event.ts';
import type { Handlers } from './worker.ts';

/** One handler a job kind. */
export const HANDLERS: Handlers = {
  'enable-mailbox': ofSteps(enableMailbox),
  'read-window': ofSteps(readWindow),
  'sync-event': syncEvent,
  deliver,
  'renew-subscription': ofSteps(renewSubscription),
  prune,
};

/**
 * What every start owes: work interrupted by the last stop goes on at once, subscriptions are checked against the present
 * address, and every window is read, because nobody told us what changed while we were away.
 */
export function seedJobs(deps: SyncDeps): void {
  const now = deps.clock.now();
  deps.store.write((w) => {
    w.reviveLeased();
    for (const mailbox of w.mailboxes()) {
      if (mailbox.state !== 'active') w.enqueue(mailboxJob('enable-mailbox', mailbox.id, now), now);
      else w.enqueue(mailboxJob('renew-subscription', mailbox.id, now), now);
      if (mailbox.state === 'active') w.enqueue(mailboxJob('read-window', mailbox.id, now), now);
    }
    w.enqueue(pruneJob(now), now);
  });
}

/** Resolves once the directory key is in memory; rejects with an AppError of upstream `kms`. */
export async function unlock(deps: SyncDeps): Promise<void> {
  const row = await directoryKey(deps);
  await deps.kms.withKey(row.uri, () => undefined);
}
