import { AppError } from '../domain/app-error.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { openAddress } from './addresses.ts';
import { firstKeysJob } from './first-keys.ts';
import { isLeaving, mailboxOf } from './job-mailbox.ts';
import { keepSubscription } from './keep-subscription.ts';
import { noteHealth } from './mailbox-health.ts';
import { withSealingKey } from './mailbox-keys.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Name of the setting with the UUID of the organisation at Webex: that of those who are enabled. */
export const WEBEX_ORG = 'webex-org';

interface Identity {
  readonly guid: string;
  readonly webexId: string;
  readonly locale: string | null;
}

/**
 * Learns who the mailbox is at Microsoft and Webex, gets its key, subscribes to it and has it read. It is also how a mailbox in
 * trouble is tried again: what stands in the way throws an AppError of scope `mailbox`.
 */
export async function enableMailbox(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  if (isLeaving(mailbox)) return;
  if (mailbox.state === 'not-activated') begin(deps, mailbox);
  const guid = isIdentified(mailbox) ? mailbox.guid : (await identify(deps, mailbox)).guid;
  const now = deps.store.read((r) => r.mailbox(mailbox.id)) ?? mailbox;
  if (waitsForKey(deps, now)) return;
  // Whether the key still serves is shown by asking the KMS for it: a revoked one stops the mailbox here.
  await withSealingKey(deps, now, () => undefined);
  await keepSubscription(deps, now);
  // Settings and calendar are separate rights: that the calendar opens is shown by asking it.
  await deps.graph.changedSince(guid, deps.clock.now());
  noteHealth(deps, now);
  deps.wake();
}

function begin(deps: SyncDeps, mailbox: MailboxRow): void {
  const now = deps.clock.now();
  const pending = { state: 'pending', reason: null, failures: 0, retryAt: null } as const;
  deps.store.write((w) => w.setMailboxState(mailbox.id, pending, now));
}

/** Just now, before it waited for its key; whoever is tried again is looked up anew. */
function isIdentified(mailbox: MailboxRow): mailbox is MailboxRow & { guid: string } {
  return mailbox.state === 'pending' && mailbox.guid !== null && mailbox.webexId !== null;
}

/** Keys of those who are enabled for the first time are made together. One that was refused is asked for alone by the next try. */
function waitsForKey(deps: SyncDeps, { id, state }: MailboxRow): boolean {
  const now = deps.clock.now();
  if (state !== 'pending') return false;
  return deps.store.write((w) => {
    if (w.sealingKey(id, now) !== null) return false;
    w.enqueue(firstKeysJob(w, now), now);
    return true;
  });
}

async function identify(deps: SyncDeps, mailbox: MailboxRow): Promise<Identity> {
  const address = await openAddress(deps, mailbox);
  const profile = await deps.graph.profile(address);
  if (profile === null) throw noCloudMailbox();
  const known = deps.store.read((r) => r.mailboxByGuid(profile.guid));
  if (known !== null && known.id !== mailbox.id) throw enabledTwice();
  const webexId = mailbox.webexId ?? (await identifyAtWebex(deps, address, mailbox.kind));
  const identity = { ...profile, webexId };
  deps.store.write((w) => w.setMailboxIdentity(mailbox.id, identity));
  return identity;
}

async function identifyAtWebex(deps: SyncDeps, address: string, kind: MailboxRow['kind']): Promise<string> {
  const found = await deps.webex.identify(address, kind);
  if (found === null) throw noWebexUser();
  const { id, orgId } = found;
  if (orgId !== null) deps.store.write((w) => w.setSetting(WEBEX_ORG, orgId));
  return id;
}

// One answer of Graph stands for both: only the words can name them.
function noCloudMailbox(): AppError {
  return new AppError({
    code: 'not_found',
    reason: 'GRAPH_NO_SUCH_MAILBOX',
    message: 'There is no Exchange Online mailbox here: it has no licence, or it is still on premises.',
    scope: 'mailbox',
    upstream: 'graph',
  });
}

function enabledTwice(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'GRAPH_MAILBOX_TWICE',
    message: 'This is another address of a mailbox that is enabled already: remove this one.',
    scope: 'mailbox',
    upstream: 'graph',
  });
}

function noWebexUser(): AppError {
  return new AppError({
    code: 'not_found',
    reason: 'WEBEX_NO_SUCH_USER',
    message: 'Webex knows no user or workspace with this calendar address.',
    scope: 'mailbox',
    upstream: 'webex',
  });
}
