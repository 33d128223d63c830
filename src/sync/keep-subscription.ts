import { createHash } from 'node:crypto';
import type { LeasedJob } from '../domain/job.ts';
import type { GrantedSubscription } from '../domain/ports.ts';
import type { MailboxRow, SubscriptionRow } from '../domain/rows.ts';
import { mailboxJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

const CLIENT_STATE_BYTES = 32;

/** The job: renews at half of the granted life, makes anew what Graph no longer knows (reference: graph.md 2.6). */
export async function renewSubscription(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  if (mailbox.guid !== null) await keepSubscription(deps, mailbox);
}

/** Sees to it that the mailbox has one live subscription to our present address. Without webhooks there is nothing to keep. */
export async function keepSubscription(deps: SyncDeps, mailbox: MailboxRow): Promise<void> {
  const { webhooks } = deps.settings;
  if (webhooks === null || mailbox.guid === null) return;
  const known = deps.store.read((r) => r.subscriptions().filter((row) => row.mailboxId === mailbox.id));
  const current = known.find((row) => row.notificationUrl === webhooks.notification);
  for (const stale of known.filter((row) => row !== current)) await drop(deps, stale);
  const renewed = current === undefined ? null : await deps.graph.renew(current.id);
  if (current !== undefined && renewed !== null) return keepRenewed(deps, mailbox, renewed);
  if (current !== undefined) deps.store.write((w) => w.deleteSubscription(current.id));
  await create(deps, mailbox, mailbox.guid, webhooks);
}

async function create(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  urls: { notification: string; lifecycle: string },
): Promise<void> {
  const clientState = Buffer.from(deps.random.bytes(CLIENT_STATE_BYTES)).toString('base64url');
  const granted = await deps.graph.subscribe(guid, urls, clientState);
  const now = deps.clock.now();
  const row: SubscriptionRow = {
    id: granted.id,
    mailboxId: mailbox.id,
    clientStateHash: createHash('sha256').update(clientState).digest(),
    notificationUrl: urls.notification,
    expiresAt: granted.expiresAt,
    createdAt: now,
  };
  deps.store.write((w) => {
    w.putSubscription(row);
    // What changed while nobody was subscribed is found by asking.
    w.enqueue(mailboxJob('delta-round', mailbox.id, now), now);
    w.enqueue(mailboxJob('renew-subscription', mailbox.id, renewalDue(deps, granted.expiresAt)), now);
  });
}

function keepRenewed(deps: SyncDeps, mailbox: MailboxRow, granted: GrantedSubscription): void {
  deps.store.write((w) => {
    w.setSubscriptionExpiry(granted.id, granted.expiresAt);
    const due = renewalDue(deps, granted.expiresAt);
    w.enqueue(mailboxJob('renew-subscription', mailbox.id, due), deps.clock.now());
  });
}

async function drop(deps: SyncDeps, stale: SubscriptionRow): Promise<void> {
  await deps.graph.unsubscribe(stale.id);
  deps.store.write((w) => w.deleteSubscription(stale.id));
}

// Half of the life that is left, ±10 %, so that a thousand mailboxes do not renew in the same minute.
function renewalDue(deps: SyncDeps, expiresAt: number): number {
  const now = deps.clock.now();
  return Math.round(now + (expiresAt - now) * (0.45 + deps.random.unit() / 10));
}
