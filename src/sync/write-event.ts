import { AppError } from '../domain/app-error.ts';
import type { EventWrite, WriteOutcome } from '../domain/ports.ts';
import { mailsOf, type Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * Writes to the event as it was read, and counts the mails that this causes; null is nothing to write. Whoever changed it
 * meanwhile goes before (design D2): throws WRITE_RACED.
 */
export async function putEvent(
  deps: SyncDeps,
  at: Occasion,
  write: EventWrite | null,
): Promise<Exclude<WriteOutcome, { kind: 'raced' }>> {
  if (write === null) return { kind: 'written', event: at.event };
  const outcome = await deps.graph.writeEvent(at.guid, at.event, write);
  if (outcome.kind === 'raced') throw raced();
  if (outcome.kind === 'written') await countMails(deps, at);
  return outcome;
}

export async function countMails(deps: SyncDeps, at: Occasion): Promise<void> {
  await deps.store.writeTogether((w) => w.addMailsCaused(mailsOf(at)));
}

function raced(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'WRITE_RACED',
    message: 'The event was changed while its join details were being written; it is read and decided again.',
  });
}
