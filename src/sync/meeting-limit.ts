import type { MailboxRow } from '../domain/rows.ts';
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
    w.enqueue({ ...syncEventJob(deps.settings, mailbox.id, event.id, now), runAt: until }, now);
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
