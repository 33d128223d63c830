import { carryOccurrences } from './carry-occurrences.ts';
import { checkTarget, checkTargets, checkTargetsJob } from './check-targets.ts';
import { ofSteps } from './closing.ts';
import { deliver } from './deliver.ts';
import { deltaRound } from './delta-round.ts';
import { dueReminders, dueRemindersJob, keepLead } from './due-reminders.ts';
import { enableMailbox } from './enable-mailbox.ts';
import { endArrangement } from './end-arrangement.ts';
import { mailboxJob } from './intake.ts';
import { isLeaving } from './job-mailbox.ts';
import { renewSubscription } from './keep-subscription.ts';
import { endLeftover } from './leftovers.ts';
import { pollJob, pollSettings } from './poll-settings.ts';
import { presence } from './presence.ts';
import { prune, pruneJob } from './prune.ts';
import { remind } from './remind.ts';
import { removeMailbox } from './remove-mailbox.ts';
import { resync } from './resync.ts';
import { rotateJob } from './rotate-job.ts';
import { rotateKeys } from './rotate-keys.ts';
import type { SyncDeps } from './sync-deps.ts';
import { syncEvent } from './sync-event.ts';
import { tidyJob, tidySubscriptions } from './tidy-subscriptions.ts';
import { listUpcoming, listUpcomingJob } from './upcoming.ts';
import { watchKms, watchKmsJob } from './watch-kms.ts';
import type { Handlers } from './worker.ts';

/** One handler a job kind. */
export const HANDLERS: Handlers = {
  'enable-mailbox': ofSteps(enableMailbox),
  'remove-mailbox': ofSteps(removeMailbox),
  'delta-round': deltaRound,
  'sync-event': syncEvent,
  'end-arrangement': endArrangement,
  'end-leftover': endLeftover,
  'carry-occurrences': ofSteps(carryOccurrences),
  deliver,
  'renew-subscription': ofSteps(renewSubscription),
  'tidy-subscriptions': ofSteps(tidySubscriptions),
  'poll-settings': pollSettings,
  presence: ofSteps(presence),
  'rotate-keys': rotateKeys,
  'watch-kms': watchKms,
  prune,
  'due-reminders': dueReminders,
  remind,
  resync,
  'list-upcoming': listUpcoming,
  'check-targets': checkTargets,
  'check-target': checkTarget,
};

/**
 * What every start owes: work interrupted by the last stop goes on at once, subscriptions are checked against the present
 * address, and every calendar is asked what changed, because nobody told us while we were away.
 */
export function seedJobs(deps: SyncDeps): void {
  const now = deps.clock.now();
  deps.store.write((w) => {
    w.reviveLeased();
    // The clock may have been set back while nobody looked.
    w.setBack(now, now);
    for (const mailbox of w.mailboxes()) {
      if (isLeaving(mailbox)) w.enqueue(mailboxJob('remove-mailbox', mailbox.id, now), now);
      else if (mailbox.state !== 'activated') w.enqueue(mailboxJob('enable-mailbox', mailbox.id, now), now);
      else {
        w.enqueue(mailboxJob('renew-subscription', mailbox.id, now), now);
        w.enqueue(mailboxJob('delta-round', mailbox.id, now), now);
        // Edges of absences may have passed meanwhile.
        if (mailbox.kind === 'person') w.enqueue(mailboxJob('presence', mailbox.id, now), now);
      }
    }
    keepLead(deps, w);
    const rotations = (['directory', 'mailboxes', 'idle'] as const).map((of) => rotateJob(of, now));
    const rounds = [dueRemindersJob(now), listUpcomingJob(now), checkTargetsJob(now), pruneJob(now)];
    for (const job of [...rounds, pollJob(now), tidyJob(now), ...rotations, watchKmsJob(now)])
      w.enqueue(job, now);
  });
}
