import type { AppError } from '../domain/app-error.ts';
import { troubleOf, troubleWaitMs } from '../domain/mailbox-trouble.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { mailboxJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Notes that something stands between us and one mailbox, and has it tried again after 1, 2, 5 and then every 15 minutes. Its
 * other jobs rest meanwhile; the other mailboxes go on. Returns when it is tried again.
 */
export function noteTrouble(deps: SyncDeps, mailboxId: number, error: AppError): number {
  const now = deps.clock.now();
  const { retryAt, state } = deps.store.write((w) => {
    const mailbox = w.mailbox(mailboxId);
    // Several jobs were on their way when it began: they count as one failed try.
    if (mailbox === null || (mailbox.retryAt !== null && now < mailbox.retryAt))
      return { retryAt: mailbox?.retryAt ?? now, state: null };
    return trouble(w, mailbox, error, now);
  });
  if (state !== null) deps.events.mailboxStateChanged({ mailboxId, state, reason: error.reason });
  return retryAt;
}

function trouble(
  w: Writer,
  mailbox: MailboxRow,
  error: AppError,
  now: number,
): { retryAt: number; state: MailboxRow['state'] | null } {
  const { state } = troubleOf(error);
  const failures = mailbox.failures + 1;
  const retryAt = now + troubleWaitMs(failures, error.retryAfterMs);
  w.setMailboxState(mailbox.id, { state, reason: error.reason, failures, retryAt }, now);
  if (state !== 'paused') w.raiseAlarm('mailbox-not-working', String(mailbox.id), error.reason, now);
  w.enqueue(mailboxJob('enable-mailbox', mailbox.id, retryAt), now);
  const changed = mailbox.state !== state || mailbox.reason !== error.reason;
  return { retryAt, state: changed ? state : null };
}

/** The mailbox works: its waiting jobs go on and it is asked what happened meanwhile. */
export function noteHealth(deps: SyncDeps, mailbox: MailboxRow): void {
  const now = deps.clock.now();
  deps.store.write((w) => {
    w.setMailboxState(mailbox.id, { state: 'activated', reason: null, failures: 0, retryAt: null }, now);
    w.clearAlarm('mailbox-not-working', String(mailbox.id));
    w.enqueue(mailboxJob('delta-round', mailbox.id, now), now);
    if (mailbox.kind === 'person') w.enqueue(mailboxJob('presence', mailbox.id, now), now);
  });
  if (mailbox.state !== 'activated')
    deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state: 'activated', reason: null });
}

/** The administrator does not want to wait for the next try. */
export function retryMailbox(deps: SyncDeps, mailboxId: number): boolean {
  const now = deps.clock.now();
  const known = deps.store.write((w) => {
    if (w.mailbox(mailboxId) === null) return false;
    w.enqueue(mailboxJob('enable-mailbox', mailboxId, now), now);
    return true;
  });
  deps.wake();
  return known;
}
