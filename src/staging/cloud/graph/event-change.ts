import type { CloudContext } from '../cloud-context.ts';
import { etagOf, nextChangeKey, notificationEtag } from './change-key.ts';
import type { StoredEvent } from './graph-event.ts';
import { graphState } from './graph-state.ts';
import { timestamp } from './time-zone.ts';

export type ChangeType = 'created' | 'updated' | 'deleted';

/** Stores a copy under a new change key and queues its notifications. Call it inside a transaction. */
export function saveEvent<T extends StoredEvent>(
  context: CloudContext,
  stored: T,
  change: 'created' | 'updated',
): T {
  const changeKey = nextChangeKey(context, stored.mailbox);
  const lastModifiedDateTime = timestamp(context.clock.now());
  const event = { ...stored.event, changeKey, '@odata.etag': etagOf(changeKey), lastModifiedDateTime };
  const saved = { ...stored, event };
  noteChange(context, stored);
  graphState(context).events.put(saved);
  notify(context, saved, change);
  return saved;
}

/** Removes one copy. Call it inside a transaction. */
export function removeEvent(context: CloudContext, stored: StoredEvent): void {
  noteChange(context, stored);
  graphState(context).events.delete(stored);
  notify(context, stored, 'deleted');
}

// What delta rounds and lagging reads have to know: how the event was before.
function noteChange(context: CloudContext, { mailbox, event }: StoredEvent): void {
  const { events, changes, staleReads } = graphState(context);
  const before = events.get(mailbox, event.id) ?? null;
  changes.append(mailbox, event.id, before);
  staleReads.changed(mailbox, event.id, before);
}

/** Queues a notification for each subscription on the mailbox that wants this kind; returns how many. */
export function notify(context: CloudContext, { mailbox, event }: StoredEvent, change: ChangeType): number {
  const { subscriptions, courier } = graphState(context);
  const wanting = subscriptions
    .onMailbox(mailbox)
    .filter((one) => one.changeType.split(',').includes(change));
  const resource = `Users/${mailbox}/Events/${event.id}`;
  for (const one of wanting) {
    courier.send(one, {
      subscriptionId: one.id,
      subscriptionExpirationDateTime: one.expirationDateTime,
      changeType: change,
      resource,
      resourceData: {
        '@odata.type': '#Microsoft.Graph.Event',
        '@odata.id': resource,
        '@odata.etag': notificationEtag(event.changeKey),
        id: event.id,
      },
      clientState: one.clientState,
      tenantId: context.directory.tenantId,
    });
  }
  return wanting.length;
}
