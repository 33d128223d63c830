import { isOfItsOwn } from '../domain/arrangement.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { endAtWebex } from './end-arrangement.ts';
import { mailboxJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Asks for a mailbox to be forgotten; false when there is none. It stays visible as not activated until everything is undone. */
export function askRemoval(deps: SyncDeps, mailboxId: number): boolean {
  const now = deps.clock.now();
  const leaving = { state: 'not-activated', reason: 'REMOVING', failures: 0, retryAt: null } as const;
  const known = deps.store.write((w) => {
    if (w.mailbox(mailboxId) === null) return false;
    w.setMailboxState(mailboxId, leaving, now);
    w.enqueue(mailboxJob('remove-mailbox', mailboxId, now), now);
    return true;
  });
  deps.wake();
  return known;
}

/**
 * Undoes what activation did, each step repeatable: the subscription ends, the items and reminders leave Webex, presence is cleared, the keys
 * lose their readers, and at last everything that is kept about the mailbox goes.
 */
export async function removeMailbox(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  await endSubscriptions(deps, mailbox);
  if (mailbox.webexId !== null) await clearWebex(deps, mailbox, mailbox.webexId);
  await withdrawReaders(deps, mailbox);
  deps.store.write((w) => w.deleteMailbox(mailbox.id));
  deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state: 'not-activated', reason: 'REMOVED' });
}

async function endSubscriptions(deps: SyncDeps, mailbox: MailboxRow): Promise<void> {
  const own = deps.store.read((r) => r.subscriptions().filter((row) => row.mailboxId === mailbox.id));
  for (const row of own) {
    await deps.graph.unsubscribe(row.id);
    deps.store.write((w) => w.deleteSubscription(row.id));
  }
}

async function clearWebex(deps: SyncDeps, mailbox: MailboxRow, webexId: string): Promise<void> {
  for (const row of deps.store.read((r) => r.meetingsOf(mailbox.id))) {
    const isThere = row.state === 'listed' || row.deliveredVersion < row.version;
    if (isThere) await deps.sink.withdraw(webexId, row.meetingId, row.version + 1);
  }
  for (const { eventId, endAt, version } of deps.store.read((r) => r.toldReminders(mailbox.id))) {
    const meetingId = deps.store.read((r) => r.meeting(mailbox.id, eventId)?.meetingId) ?? '';
    if (endAt > deps.clock.now()) await deps.sink.withdrawReminder(webexId, meetingId, version + 1);
  }
  // What stands in invitations stays; what is in no invitation any more, or not yet, goes.
  for (const row of deps.store.read((r) => r.arrangementsEndingAfter(mailbox.id, 0)))
    if (isOfItsOwn(row) && (row.state === 'ending' || row.writtenAt === null))
      await endAtWebex(deps, mailbox, row);
  const presence = deps.store.read((r) => r.presence(mailbox.id));
  if (presence === null || !presence.away) return;
  const version = Math.max(presence.version + 1, deps.clock.now());
  await deps.sink.setPresence(webexId, { away: false, until: null }, version);
}

async function withdrawReaders(deps: SyncDeps, mailbox: MailboxRow): Promise<void> {
  const keys = deps.store.read((r) => r.keys().filter((key) => key.mailboxId === mailbox.id));
  const readers = mailbox.webexId === null ? [] : [mailbox.webexId];
  // The appliance's own authorization goes last: without it it could not withdraw the others.
  for (const key of keys) await deps.kms.withdraw(key, [...readers, deps.settings.applianceUserId]);
}
