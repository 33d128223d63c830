import { AppError } from '../domain/app-error.ts';
import { isOfItsOwn } from '../domain/arrangement.ts';
import { APPLIANCE, type AuditActor } from '../domain/audit.ts';
import { ended, intended, mailboxSubject } from '../domain/audit-facts.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { KeyRow, MailboxRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { endAtWebex } from './end-arrangement.ts';
import { mailboxJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import { hasLeftovers } from './leftovers.ts';
import type { SyncDeps } from './sync-deps.ts';

const LEFTOVERS_REST_MS = 60 * 60_000;

/** Both undo all that enabling did. Forgetting begins with the keys, so that the content is lost first of all. */
export type Leaving = 'mailbox.remove' | 'mailbox.forget';

/** What other mailboxes hold; it may name the one that is forgotten, and can't be taken out of their sealed items (design D6). */
export interface HeldByOthers {
  readonly mailboxes: number;
  readonly meetings: number;
}

/**
 * Asks for a mailbox to be removed or forgotten; null when there is none. It stays visible as not activated until everything is
 * undone.
 */
export function askRemoval(
  deps: SyncDeps,
  mailboxId: number,
  actor: AuditActor,
  act: Leaving = 'mailbox.remove',
): HeldByOthers | null {
  const now = deps.clock.now();
  const leaving = { state: 'not-activated', reason: 'REMOVING', failures: 0, retryAt: null } as const;
  const held = deps.store.write((w) => {
    const mailbox = w.mailbox(mailboxId);
    if (mailbox === null) return null;
    const one = { actor, act, subject: mailboxSubject(mailbox) };
    if (w.openIntent(act, mailboxId) === null) w.addAudit(intended(one, now));
    w.setMailboxState(mailboxId, leaving, now);
    w.enqueue(mailboxJob('remove-mailbox', mailboxId, now), now);
    return heldByOthers(w, mailboxId);
  });
  deps.wake();
  return held;
}

function heldByOthers(r: Reader, mailboxId: number): HeldByOthers {
  const others = [...r.meetingCounts()].filter(([id]) => id !== mailboxId);
  return { mailboxes: others.length, meetings: others.reduce((sum, [, n]) => sum + n, 0) };
}

/**
 * Undoes what activation did, each step repeatable: the subscription ends, the items and reminders leave Webex, presence is cleared,
 * the keys lose their readers, and at last everything that is kept about the mailbox goes, out of the write-ahead log too.
 */
export async function removeMailbox(deps: SyncDeps, job: LeasedJob): Promise<void> {
  const mailbox = mailboxOf(deps, job);
  const isForgotten = deps.store.read((r) => r.openIntent('mailbox.forget', mailbox.id)) !== null;
  if (isForgotten) await withdrawReaders(deps, mailbox);
  await endSubscriptions(deps, mailbox);
  if (mailbox.webexId !== null) await clearWebex(deps, mailbox, mailbox.webexId);
  let withdrawn = await withdrawReaders(deps, mailbox);
  if (hasLeftovers(deps, mailbox.id)) throw leftBehind();
  // Work that was under way may have got another key meanwhile.
  while (!deps.store.write((w) => deleteAll(deps, w, mailbox, withdrawn)))
    withdrawn = await withdrawReaders(deps, mailbox);
  deps.store.scrub();
  deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state: 'not-activated', reason: 'REMOVED' });
}

/** Deletes the mailbox and writes down that it is done; false when it has a key that others may still read. */
function deleteAll(deps: SyncDeps, w: Writer, mailbox: MailboxRow, withdrawn: readonly KeyRow[]): boolean {
  const known = new Set(withdrawn.map(({ uri }) => uri));
  if (keysOf(w, mailbox).some(({ uri }) => !known.has(uri))) return false;
  for (const act of ['mailbox.forget', 'mailbox.remove'] as const) {
    const intent = w.openIntent(act, mailbox.id);
    if (intent === null) continue;
    const one = { actor: APPLIANCE, act, subject: mailboxSubject(mailbox) };
    w.addAudit(ended(one, deps.clock.now(), { outcome: 'done', intent }));
  }
  w.deleteMailbox(mailbox.id);
  return true;
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
  if (presence === null || (!presence.away && presence.deliveredVersion >= presence.version)) return;
  const version = Math.max(presence.version + 1, deps.clock.now());
  await deps.sink.setPresence(webexId, { away: false, until: null }, version);
}

/** Without the mailbox nobody would try again. */
function leftBehind(): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'WEBEX_DELETE_REFUSED',
    message:
      'Webex does not let the service app delete meetings that it made for this mailbox: check its scopes. The mailbox is removed when they are gone.',
    retryAfterMs: LEFTOVERS_REST_MS,
  });
}

async function withdrawReaders(deps: SyncDeps, mailbox: MailboxRow): Promise<KeyRow[]> {
  const keys = deps.store.read((r) => keysOf(r, mailbox));
  const readers = mailbox.webexId === null ? [] : [mailbox.webexId];
  // The appliance's own authorization goes last: without it it could not withdraw the others.
  for (const key of keys) await deps.kms.withdraw(key, [...readers, deps.settings.applianceUserId]);
  return keys;
}

function keysOf(r: Reader, mailbox: MailboxRow): KeyRow[] {
  return r.keys().filter((key) => key.mailboxId === mailbox.id);
}
