import type { NewJob } from '../domain/job.ts';
import type { InboxRow } from '../domain/rows.ts';
import type { Reader } from '../domain/store-port.ts';
import type { SyncDeps, SyncSettings } from './sync-deps.ts';

/** "This event of this mailbox changed": due once the user's edits have settled (design D2). */
export function syncEventJob(
  settings: Pick<SyncSettings, 'settleMs' | 'settleMaxMs'>,
  mailboxId: number,
  eventId: string,
  now: number,
  urgent = false,
): NewJob {
  return {
    kind: 'sync-event',
    key: `${mailboxId}/${eventId}`,
    mailboxId,
    eventId,
    runAt: now + settings.settleMs,
    merge: 'settle',
    urgent,
    settleMaxMs: settings.settleMaxMs,
  };
}

/** Looks that wait before others are added that nobody waits for: what people change meanwhile goes on. */
const MOST_WAITING = 200;

/** Whether so many events wait to be looked at that those which can wait are not to be added. */
export function isBusy(r: Reader): boolean {
  const looks = r.jobCounts().find(({ kind }) => kind === 'sync-event');
  return (looks?.waiting ?? 0) > MOST_WAITING;
}

/** A job about a mailbox as a whole. */
export function mailboxJob(
  kind: 'enable-mailbox' | 'remove-mailbox' | 'delta-round' | 'renew-subscription' | 'presence',
  mailboxId: number,
  runAt: number,
): NewJob {
  return { kind, key: String(mailboxId), mailboxId, eventId: null, runAt, merge: 'earliest' };
}

/** What taking hints in needs. */
export type IntakeDeps = Pick<SyncDeps, 'store' | 'clock' | 'wake'> & {
  readonly settings: Pick<SyncSettings, 'settleMs' | 'settleMaxMs'>;
};

/** Stores hints and their jobs in one shared commit; settles once they are durable. Jobs that are due are leased by the same one. */
export async function acceptHints(deps: IntakeDeps, hints: readonly InboxRow[]): Promise<void> {
  const now = deps.clock.now();
  const durable = deps.store.writeTogether((w) => {
    for (const hint of hints) {
      w.addInbox(hint, now);
      w.enqueue(syncEventJob(deps.settings, hint.mailboxId, hint.eventId, now), now);
    }
  });
  deps.wake();
  await durable;
}

export interface LifecycleHint {
  readonly mailboxId: number;
  readonly event: 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';
}

/** Graph tells of the same lifecycle event more than once within moments; one call answers them all. */
const LIFECYCLE_SETTLE_MS = 2_000;

/** Lifecycle notifications only insert jobs (reference: graph.md 2.5). */
export async function acceptLifecycle(deps: SyncDeps, hints: readonly LifecycleHint[]): Promise<void> {
  const now = deps.clock.now();
  const renewAt = now + LIFECYCLE_SETTLE_MS;
  await deps.store.writeTogether((w) => {
    for (const hint of hints) {
      if (hint.event !== 'missed') w.enqueue(mailboxJob('renew-subscription', hint.mailboxId, renewAt), now);
      // What was not told meanwhile is found by asking.
      w.enqueue(mailboxJob('delta-round', hint.mailboxId, now), now);
    }
  });
  deps.wake();
}
