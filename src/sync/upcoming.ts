import { LIST_UPCOMING_MS, type NewJob } from '../domain/job.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { type Closing, NOTHING, rows } from './closing.ts';
import { isBusy, syncEventJob } from './intake.ts';
import { listWindow } from './list-window.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Events at a time: at nine o’clock the list reaches what half the company does in a month. */
const SLICE = 200;
const SOON_MS = 1_000;

/**
 * Has an event or a series looked at when the list reaches the earliest of these beginnings beyond its end: nobody tells of it
 * then, since nobody changed it.
 */
export function awaited(
  deps: SyncDeps,
  { id: mailboxId }: Pick<MailboxRow, 'id'>,
  eventId: string,
  starts: readonly number[],
): Closing {
  const now = deps.clock.now();
  const beyond = starts.filter((startAt) => startAt >= listWindow(deps, now).to);
  if (beyond.length === 0) return NOTHING;
  // What begins at the very end of the window is not in it yet.
  const at = Math.min(...beyond) - deps.settings.windowAheadMs + 1;
  return rows((w) => {
    w.putUpcoming({ mailboxId, eventId, at });
    // What lies further ahead is found by the next look in any case.
    if (at < now + LIST_UPCOMING_MS) w.enqueue(listUpcomingJob(at), now);
  });
}

/** Has looked at what the list has reached, and comes back when it reaches the next. */
export async function listUpcoming(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  return rows((w: Writer) => {
    const isReached = (w.nextUpcomingAt() ?? now + 1) <= now;
    for (const { mailboxId, eventId } of isReached && !isBusy(w) ? w.takeUpcoming(now, SLICE) : [])
      w.enqueue(syncEventJob(deps.settings, mailboxId, eventId, now), now);
    w.enqueue(listUpcomingJob(nextLookAt(w, now)), now);
  });
}

function nextLookAt(r: Reader, now: number): number {
  const next = Math.min(r.nextUpcomingAt() ?? Number.MAX_SAFE_INTEGER, now + LIST_UPCOMING_MS);
  return Math.max(next, now + SOON_MS);
}

export function listUpcomingJob(runAt: number): NewJob {
  return { kind: 'list-upcoming', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
