import { isOfItsOwn } from '../domain/arrangement.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { allOf, type Closing } from './closing.ts';
import { syncEventJob } from './intake.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

const ID = 'meeting-limit';
const REASON = 'MEETING_LIMIT_REACHED';

/** As many meetings as Webex makes in a day: an alarm, and the event comes again when Webex makes more, not before. */
export async function limitReached(
  deps: SyncDeps,
  { mailbox, event }: Occasion,
  until: number,
): Promise<void> {
  const now = deps.clock.now();
  const subject = String(mailbox.id);
  const raised = await deps.store.writeTogether((w) => {
    // Later than asked before it need not come; and earlier it would only be told the same again.
    const again = { ...syncEventJob(deps.settings, mailbox.id, event.id, now), runAt: until };
    w.enqueue({ ...again, merge: 'earliest' }, now);
    return w.raiseAlarm(ID, subject, REASON, now);
  });
  if (raised) deps.events.alarmRaised({ id: ID, subject, reason: REASON });
}

/** A meeting was made after all. */
export async function limitPassed(deps: SyncDeps, { id }: MailboxRow): Promise<void> {
  const subject = String(id);
  const stands = deps.store.read((r) => r.alarms().some((one) => one.id === ID && one.subject === subject));
  if (!stands) return;
  await deps.store.writeTogether((w) => w.clearAlarm(ID, subject));
  deps.events.alarmCleared({ id: ID, subject, reason: REASON });
}

/** Where no event waits for a meeting any more the alarm ends, too: they were deleted, or are over. */
export function limitsOver(deps: SyncDeps): Closing {
  const standing = deps.store.read((r) => r.alarms().filter(({ id }) => id === ID));
  const over = standing.filter(({ subject }) => !isAwaited(deps, Number(subject)));
  const ends = over.map(({ subject }): Closing => {
    return {
      write: (w) => void w.clearAlarm(ID, subject),
      told: () => deps.events.alarmCleared({ id: ID, subject, reason: REASON }),
    };
  });
  return allOf(ends);
}

function isAwaited(deps: SyncDeps, mailboxId: number): boolean {
  const rows = deps.store.read((r) => r.arrangementsEndingAfter(mailboxId, deps.clock.now()));
  return rows.some((row) => isOfItsOwn(row) && row.state === 'standing' && row.askedHash === null);
}
