import type { DeliveryOutcome } from '../domain/ports.ts';
import type { Metrics } from './metrics.ts';
import type { Say } from './say.ts';

/** Business events about Join notifications. */
export interface ReminderEvents {
  /** Webex acknowledged a reminder, or that it is taken back. `lateMs`: against its time, where it came by the clock; against the change where that was later. */
  reminderTold(facts: {
    readonly mailboxId: number;
    readonly kind: DeliveryOutcome;
    readonly lateMs: number | null;
  }): void;
}

export function reminderEvents(say: Say, metrics: Metrics): ReminderEvents {
  return {
    reminderTold: ({ mailboxId, kind, lateMs }) => {
      metrics.reminders.inc({ kind });
      if (lateMs !== null) metrics.reminderLateness.observe(lateMs / 1000);
      say('info', 'reminder.told', 'reminder told to Webex', { mailboxId, kind, lateMs });
    },
  };
}
