import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { StoredEvent } from './graph-event.ts';

export const MANGLE = z.strictObject({
  /** GUID or address. */
  mailbox: z.string(),
  eventId: z.string(),
  /** False heals it again. */
  mangled: z.boolean().default(true),
});

const table = (context: CloudContext) => context.disk.table<true>('graph-mangled');

/** From now on this event is answered in a form that no client can read, as damaged items at the real service are. */
export function mangle(context: CloudContext, { event }: StoredEvent, mangled: boolean): void {
  if (mangled) table(context).put(event.id, true);
  else table(context).delete(event.id);
}

/** The answer, without its times where the event was ordered to be damaged. */
export function asMangled(context: CloudContext, { event }: StoredEvent, answer: object): object {
  return table(context).get(event.id) === undefined ? answer : { ...answer, start: null, end: null };
}
