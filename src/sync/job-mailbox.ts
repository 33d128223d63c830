import { AppError } from '../domain/app-error.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { SyncDeps } from './sync-deps.ts';

/** It is being removed or forgotten: nothing may bring it back. */
export function isLeaving({ state, reason }: Pick<MailboxRow, 'state' | 'reason'>): boolean {
  return state === 'not-activated' && reason === 'REMOVING';
}

/** The mailbox a job is about; a job without one is a bug. */
export function mailboxOf(deps: SyncDeps, job: LeasedJob): MailboxRow {
  const row = job.mailboxId === null ? null : deps.store.read((r) => r.mailbox(job.mailboxId ?? 0));
  if (row !== null) return row;
  throw new AppError({
    code: 'not_found',
    reason: 'NO_SUCH_MAILBOX',
    message: 'The job’s mailbox is not enabled any more.',
  });
}
