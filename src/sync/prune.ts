import type { NewJob } from '../domain/job.ts';
import type { Writer } from '../domain/store-port.ts';
import { allOf, type Closing } from './closing.ts';
import { listWindow } from './list-window.ts';
import { limitsOver } from './meeting-limit.ts';
import { withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { watchCredential } from './watch-credential.ts';
import { watchToken } from './watch-token.ts';

const EVERY_MS = 60 * 60_000;
/** While there is more to tidy up than one slice holds; the work of the hour must not wait behind it. */
const SOON_MS = 250;
const SLICE = 200;

/** The hourly round: meetings that left the window are withdrawn, rows past their retention go, ends of life are noticed. */
export async function prune(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const ended = deps.store.read((r) => r.meetingsEndedBefore(listWindow(deps, now).from, SLICE));
  const withdrawals = ended.flatMap((row) => {
    const mailbox = deps.store.read((r) => r.mailbox(row.mailboxId));
    return mailbox === null ? [] : [withdrawMeeting(deps, mailbox, row.eventId, 'OUT_OF_WINDOW', now)];
  });
  const ends = allOf([watchCredential(deps, now), watchToken(deps, now), limitsOver(deps)]);
  const write = (w: Writer): void => {
    ends.write(w);
    for (const withdrawal of withdrawals) withdrawal.write(w);
    const more = w.prune(now) || ended.length === SLICE;
    w.enqueue(pruneJob(now + (more ? SOON_MS : EVERY_MS)), now);
  };
  return { write, told: ends.told };
}

export function pruneJob(runAt: number): NewJob {
  return { kind: 'prune', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
