import { AppError } from '../domain/app-error.ts';
import type { AuditActor } from '../domain/audit.ts';
import { done, mailboxSubject } from '../domain/audit-facts.ts';
import type { LeasedJob } from '../domain/job.ts';
import { failuresBefore, troubleOf, troubleWaitMs } from '../domain/mailbox-trouble.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Writer } from '../domain/store-port.ts';
import { type Closing, rows } from './closing.ts';
import { mailboxJob } from './intake.ts';
import { isLeaving } from './job-mailbox.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Something stands between us and one mailbox: it is tried again after 1, 2, 5 and then every 15 minutes. The job and the mailbox'
 * other ones rest meanwhile; the other mailboxes go on.
 */
export function mailboxTrouble(deps: SyncDeps, job: LeasedJob, error: AppError): Closing {
  const now = deps.clock.now();
  const { reason } = error;
  // Whoever is leaving stays so; the trouble counts for the removal alone.
  if (job.kind === 'remove-mailbox')
    return rows((w) => w.snooze(job, now + troubleWaitMs(1, error.retryAfterMs), reason));
  return restingMailbox(deps, job.mailboxId ?? 0, error, (w, retryAt) => w.snooze(job, retryAt, reason));
}

/** The mailbox shows what stands in the way, and is tried again. `rest` is told when, and says whether that still counts. */
export function restingMailbox(
  deps: SyncDeps,
  mailboxId: number,
  error: AppError,
  rest: (w: Writer, retryAt: number) => boolean,
): Closing {
  const now = deps.clock.now();
  const before = deps.store.read((r) => r.mailbox(mailboxId));
  const { state } = troubleOf(error);
  const { reason } = error;
  return {
    write: (w) => {
      const { isNews, failures, retryAt } = nextTry(w.mailbox(mailboxId), error, now);
      if (!rest(w, retryAt) || !isNews) return;
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

/** Several jobs were on their way when it began: they count as one failed try. */
function nextTry(mailbox: MailboxRow | null, error: AppError, now: number) {
  const known = mailbox?.retryAt ?? null;
  const isNews = mailbox !== null && (known === null || now >= known);
  const failures = failuresBefore(mailbox, now) + 1;
  const retryAt = isNews
    ? now + troubleWaitMs(failures, error.retryAfterMs)
    : (known ?? now + troubleWaitMs(1, error.retryAfterMs));
  return { isNews, failures, retryAt };
}

/**
 * A role that is missing shuts one mailbox after the other in the words that shut a single one. When the last of several is shut
 * the tenant is the matter, and pauses; null as long as any other is served.
 */
export function troubleOfTenant(deps: SyncDeps, job: LeasedJob, error: AppError): AppError | null {
  if (error.reason !== 'GRAPH_ACCESS_DENIED') return null;
  const { states, own } = deps.store.read((r) => ({
    states: r.mailboxStates(),
    own: r.mailbox(job.mailboxId ?? 0),
  }));
  const total = Object.values(states).reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const shut = (states['out-of-scope'] ?? 0) - (own?.state === 'out-of-scope' ? 1 : 0);
  return shut === 0 || shut < total - 1 ? null : roleMissing();
}

function roleMissing(): AppError {
  return new AppError({
    code: 'forbidden',
    reason: 'GRAPH_ROLE_MISSING',
    message:
      'No mailbox lets the application in: a role is missing in the tenant, or the scope of RBAC is empty.',
    scope: 'upstream',
    upstream: 'graph',
  });
}

/** The mailbox works: its waiting jobs go on and it is asked what happened meanwhile. */
export function noteHealth(deps: SyncDeps, mailbox: MailboxRow): void {
  const now = deps.clock.now();
  deps.store.write((w) => {
    // The tries still count when the trouble is back at once: reading does not show that a mailbox is full.
    const { failures } = w.mailbox(mailbox.id) ?? mailbox;
    w.setMailboxState(mailbox.id, { state: 'activated', reason: null, failures, retryAt: null }, now);
    w.clearAlarm('mailbox-not-working', String(mailbox.id));
    w.enqueue(mailboxJob('delta-round', mailbox.id, now), now);
    if (mailbox.kind === 'person') w.enqueue(mailboxJob('presence', mailbox.id, now), now);
  });
  if (mailbox.state !== 'activated')
    deps.events.mailboxStateChanged({ mailboxId: mailbox.id, state: 'activated', reason: null });
}

/** The administrator does not want to wait for the next try. False when there is no such mailbox. */
export function retryMailbox(deps: SyncDeps, mailboxId: number, actor: AuditActor): boolean {
  const now = deps.clock.now();
  const known = deps.store.write((w) => {
    const mailbox = w.mailbox(mailboxId);
    if (mailbox === null) return false;
    w.addAudit(done({ actor, act: 'mailbox.retry', subject: mailboxSubject(mailbox) }, now));
    const kind = isLeaving(mailbox) ? 'remove-mailbox' : 'enable-mailbox';
    w.enqueue(mailboxJob(kind, mailboxId, now), now);
    return true;
  });
  deps.wake();
  return known;
}
