import type { NewJob } from '../domain/job.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;
/** One that is being made now is not an orphan yet. */
const SETTLED_MS = 10 * 60_000;

/**
 * Deletes subscriptions to our own address that no row knows: a lost answer, or a database put back from a backup, leaves them
 * behind (reference: graph.md 2.3). Those of other addresses may belong to another installation and stay.
 */
export async function tidySubscriptions(deps: SyncDeps): Promise<void> {
  const { webhooks } = deps.settings;
  const startedAt = deps.clock.now();
  if (webhooks !== null) {
    const remote = await deps.graph.subscriptions();
    const rows = deps.store.read((r) => r.subscriptions());
    const known = new Set(rows.map((row) => row.id));
    const making = rows.some((row) => startedAt - row.createdAt < SETTLED_MS);
    const orphans = remote.filter(
      (one) => one.notificationUrl === webhooks.notification && !known.has(one.id),
    );
    if (!making) for (const orphan of orphans) await deps.graph.unsubscribe(orphan.id);
  }
  const now = deps.clock.now();
  deps.store.write((w) => w.enqueue(tidyJob(now + DAY_MS), now));
}

export function tidyJob(runAt: number): NewJob {
  return { kind: 'tidy-subscriptions', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
