import type { DeliveryRow } from '../domain/rows.ts';
import type { Metrics } from './metrics.ts';
import type { Say } from './say.ts';

/** What happens to meetings on their way. */
export interface MeetingEvents {
  eventDecorated(ids: { readonly mailboxId: number; readonly eventId: string }): void;
  meetingSealed(ids: {
    readonly mailboxId: number;
    readonly meetingId: string;
    readonly version: number;
  }): void;
  /** `sinceHintMs`: from the first hint of the change to now. */
  delivered(row: DeliveryRow, sinceHintMs: number): void;
}

export function meetingEvents(say: Say, metrics: Metrics): MeetingEvents {
  return {
    eventDecorated: ({ mailboxId, eventId }) => {
      metrics.decorated.inc();
      say('info', 'event.decorated', 'join details written', { mailboxId, eventId });
    },
    meetingSealed: ({ mailboxId, meetingId, version }) => {
      metrics.sealed.inc();
      say('info', 'meeting.sealed', 'meeting sealed and stored', { mailboxId, meetingId, version });
    },
    delivered: ({ mailboxId, meetingId, version, kind, latencyMs }, sinceHintMs) => {
      metrics.deliveries.inc({ kind });
      // After a jump of the clock a duration may be negative; a histogram must never see that.
      metrics.eventToPush.observe(Math.max(0, sinceHintMs) / 1000);
      const ids = { mailboxId, meetingId, version, kind, latencyMs, sinceHintMs };
      say('info', 'meeting.delivered', 'meeting delivered', ids);
    },
  };
}
