import type { AppError } from '../domain/app-error.ts';
import type { LeasedJob } from '../domain/job.ts';
import { troubleOf, troubleWaitMs } from '../domain/mailbox-trouble.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Closing } from './closing.ts';
import { mailboxJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Something stands between us and one mailbox: it is tried again after 1, 2, 5 and then every 15 minutes. The job and the mailbox'
 * other ones rest meanwhile; the other mailboxes go on.
 */
export function mailboxTrouble(deps: SyncDeps, job: LeasedJob, error: AppError): Closing {
  const now = deps.clock.now();
  const mailboxId = job.mailboxId ?? 0;
  const before = deps.store.read((r) => r.mailbox(mailboxId));
  const { state } = troubleOf(error);
  const { reason } = error;
  return {
    write: (w) => {
      const mailbox = w.mailbox(mailboxId);
      const known = mailbox?.retryAt ?? null;
      // Several jobs were on their way when it began: they count as one failed try.
      const isNews = mailbox !== null && (known === null || now >= known);
      const failures = (mailbox?.failures ?? 0) + 1;
      const retryAt = isNews ? now + troubleWaitMs(failures, error.retryAfterMs) : (known ?? now);
      if (!w.snooze(job, retryAt, reason) || !isNews) return;
      w.setMailboxState(mailboxId, { state, reason, failures, retryAt }, now);
      if (state !== 'paused') w.raiseAlarm('mailbox-not-working', String(mailboxId), reason, now);
      w.enqueue(mailboxJob('enable-mailbox', mailboxId, retryAt), now);
    },
    told: () => {
      if (before === null || (before.state === state && before.reason === reason)) return;
      deps.events.mailboxStateChanged({ mailboxId, state, reason });
    },
  };
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
