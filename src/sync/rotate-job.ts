import type { NewJob } from '../domain/job.ts';

/** The job that makes keys, the first or the next ones of mailboxes or that of the directory, or gives up those that are idle. */
export function rotateJob(
  of: 'first' | 'mailboxes' | 'directory' | 'idle',
  runAt: number,
  urgent = false,
): NewJob {
  return { kind: 'rotate-keys', key: of, mailboxId: null, eventId: null, runAt, merge: 'earliest', urgent };
}
