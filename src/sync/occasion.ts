import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { MailboxRow } from '../domain/rows.ts';
import type { TraceCode } from '../domain/trace.ts';
import { traced } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** An event as it was read in its organiser's mailbox. */
export interface Occasion {
  readonly mailbox: MailboxRow;
  readonly guid: string;
  readonly event: CalendarEvent;
}

/** Why something was done or not, committed at once: what follows may fail. */
export async function note(deps: SyncDeps, { mailbox, event }: Occasion, code: TraceCode): Promise<void> {
  await deps.store.writeTogether(traced(deps, mailbox, event.id, code).write);
}

/** Exchange mails every attendee about each change that the organiser's calendar makes (reference: graph.md 5.6). */
export function mailsOf({ event }: Occasion): number {
  return event.attendees.length;
}
