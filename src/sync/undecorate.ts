import { syncEventJob } from './intake.ts';
import type { SyncDeps } from './sync-deps.ts';

/** So many rows change in one transaction: the answers to Graph must not wait (engineering.md B.2). */
const SLICE = 200;

/**
 * Asks for the keywords of a mailbox, or of all for null, to be put back as they were typed, wherever an event is still to come.
 * Returns how many invitations that are; with `dryRun` they are only counted. May be asked again at any time.
 */
export async function askUndecoration(
  deps: SyncDeps,
  mailboxId: number | null,
  dryRun: boolean,
): Promise<number> {
  const now = deps.clock.now();
  const rows = deps.store.read((r) => r.arrangementsWritten(mailboxId, now));
  if (dryRun) return rows.length;
  for (let from = 0; from < rows.length; from += SLICE) {
    await deps.store.writeTogether((w) => {
      for (const row of rows.slice(from, from + SLICE)) {
        w.putArrangement({ ...row, state: 'undecorating' });
        w.enqueue({ ...syncEventJob(deps.settings, row.mailboxId, row.eventId, now), runAt: now }, now);
      }
    });
  }
  deps.wake();
  return rows.length;
}
