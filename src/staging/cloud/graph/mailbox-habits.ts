import type { CloudContext } from '../cloud-context.ts';

/** Settings of people's calendar clients that Graph does not show but that show in the calendar. */
export interface MailboxHabits {
  /** Declined meetings stay visible; else declining moves them to the deleted items (reference: graph.md 5.7). */
  readonly keepsDeclined: boolean;
}

export function keepsDeclined(context: CloudContext, mailbox: string): boolean {
  return habitTable(context).get(mailbox)?.keepsDeclined ?? true;
}

export function setHabits(context: CloudContext, mailbox: string, habits: MailboxHabits): void {
  habitTable(context).put(mailbox, habits);
}

function habitTable(context: CloudContext) {
  return context.disk.table<MailboxHabits>('graph-habits');
}
