import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { MailboxState } from '../domain/status.ts';
import { openAddress } from './addresses.ts';
import { mailboxJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import { keepSubscription } from './keep-subscription.ts';
import { sealingKey } from './mailbox-keys.ts';
import type { SyncDeps } from './sync-deps.ts';

const RETRY_REFUSED_MS = 60 * 60_000;

/** Learns who the mailbox is at Microsoft and Webex, gets its key, subscribes to it and has its window read. */
export async function enableMailbox(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  const identity = await identify(deps, mailbox);
  if (typeof identity === 'string') return refuse(deps, mailbox, identity);
  const known = deps.store.write((w) => {
    w.setMailboxIdentity(mailbox.id, identity);
    return w.mailbox(mailbox.id);
  });
  await sealingKey(deps, known ?? mailbox);
  await keepSubscription(deps, known ?? mailbox);
  const now = deps.clock.now();
  deps.store.write((w) => {
    w.setMailboxState(mailbox.id, 'active', null, now);
    w.clearAlarm('mailbox-not-working', String(mailbox.id));
    w.enqueue(mailboxJob('read-window', mailbox.id, now), now);
  });
  deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state: 'active', reason: null });
}

async function identify(
  deps: SyncDeps,
  mailbox: MailboxRow,
): Promise<{ guid: string; webexId: string } | 'no-mailbox' | 'no-webex-user'> {
  const address = await openAddress(deps, mailbox);
  const profile = await deps.graph.profile(address);
  if (profile === null) return 'no-mailbox';
  const webexId = mailbox.webexId ?? (await deps.webex.identify(address, mailbox.kind));
  return webexId === null ? 'no-webex-user' : { guid: profile.guid, webexId };
}

// Expected, not an error: the administrator sees the state, and it is tried again every hour.
function refuse(
  deps: SyncDeps,
  mailbox: MailboxRow,
  state: MailboxState & ('no-mailbox' | 'no-webex-user'),
): void {
  const reason = state === 'no-mailbox' ? 'GRAPH_NO_SUCH_MAILBOX' : 'WEBEX_NO_SUCH_USER';
  const now = deps.clock.now();
  deps.store.write((w) => {
    w.setMailboxState(mailbox.id, state, reason, now);
    w.raiseAlarm('mailbox-not-working', String(mailbox.id), reason, now);
    w.enqueue(mailboxJob('enable-mailbox', mailbox.id, now + RETRY_REFUSED_MS), now);
  });
  deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state, reason });
}
