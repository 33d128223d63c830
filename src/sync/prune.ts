import type { NewJob } from '../domain/job.ts';
import { listWindow } from './read-window.ts';
import { withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { watchCredential } from './watch-credential.ts';

const EVERY_MS = 60 * 60_000;
const SLICE = 500;

/** The hourly round: meetings that left the window are withdrawn, rows past their retention go, ends of life are noticed. */
export async function prune(deps: SyncDeps): Promise<void> {
  const now = deps.clock.now();
  const ended = deps.store.read((r) => r.meetingsEndedBefore(listWindow(deps, now).from, SLICE));
  for (const row of ended) {
    const mailbox = deps.store.read((r) => r.mailbox(row.mailboxId));
    if (mailbox !== null) withdrawMeeting(deps, mailbox, row.eventId, 'OUT_OF_WINDOW', now);
  }
  watchCredential(deps, now);
  deps.store.write((w) => {
    w.prune(now);
    w.enqueue(pruneJob(now + EVERY_MS), now);
  });
}

export function pruneJob(runAt: number): NewJob {
  return { kind: 'prune', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
