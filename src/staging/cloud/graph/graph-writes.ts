import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';

/** One successful write to an event by an application: what organisers' attendees would get mail about. */
export interface GraphWrite {
  /** Simulated time, ISO 8601. */
  readonly at: string;
  readonly app: 'appliance' | 'outlook';
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** GUID of the mailbox. */
  readonly mailbox: string;
  readonly eventId: string;
}

/** Which of the two registrations it is. */
export function appName(context: CloudContext, app: AppRegistration): GraphWrite['app'] {
  return appNameOf(context, app.clientId);
}

export function appNameOf(context: CloudContext, clientId: string): GraphWrite['app'] {
  return clientId === context.directory.appliance.clientId ? 'appliance' : 'outlook';
}

/** Call it inside the transaction of the write. */
export function noteWrite(
  context: CloudContext,
  app: AppRegistration,
  write: Pick<GraphWrite, 'method' | 'mailbox' | 'eventId'>,
): void {
  const table = context.disk.table<GraphWrite>('graph-writes');
  const { method, mailbox, eventId } = write;
  const at = new Date(context.clock.now()).toISOString();
  table.put(String(table.size + 1), { at, app: appName(context, app), method, mailbox, eventId });
}

/** All writes since the installation began, oldest first. */
export function writesOf(context: CloudContext): readonly GraphWrite[] {
  return context.disk.table<GraphWrite>('graph-writes').all();
}
