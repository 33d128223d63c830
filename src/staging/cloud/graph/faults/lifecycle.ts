import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import { graphState } from '../graph-state.ts';
import { appNameOf } from '../graph-writes.ts';
import type { Subscription } from '../subscription-table.ts';

export const LIFECYCLE = z.strictObject({
  event: z.enum(['subscriptionRemoved', 'missed', 'reauthorizationRequired']),
  /** GUID or address; without it and without a subscription's id, all subscriptions of the application. */
  mailbox: z.string().optional(),
  subscriptionId: z.string().optional(),
  app: z.enum(['appliance', 'outlook']).default('appliance'),
  /** How often each is told. */
  times: z.int().min(1).max(20).default(1),
});
export type LifecycleOrder = z.infer<typeof LIFECYCLE>;
type LifecycleEvent = LifecycleOrder['event'];

/** The living subscriptions that the order is about; `mailbox` is a GUID by now. */
export function subscriptionsOf(context: CloudContext, order: LifecycleOrder): Subscription[] {
  return graphState(context)
    .subscriptions.all()
    .filter(({ applicationId }) => appNameOf(context, applicationId) === order.app)
    .filter(({ mailbox }) => order.mailbox === undefined || mailbox === order.mailbox)
    .filter(({ id }) => order.subscriptionId === undefined || id === order.subscriptionId);
}

/**
 * Lets a lifecycle event happen to a subscription (reference: graph.md 2.5): removed ones are gone, those to be reauthorised
 * deliver nothing until they are. Returns how many notifications go out; none when no address was given for them.
 */
export function happen(
  context: CloudContext,
  subscription: Subscription,
  event: LifecycleEvent,
  times: number,
): number {
  const { notifier, subscriptions } = graphState(context);
  const url = subscription.lifecycleNotificationUrl;
  context.disk.transaction(() => {
    if (event === 'subscriptionRemoved') subscriptions.delete(subscription);
    if (event === 'reauthorizationRequired') subscriptions.put({ ...subscription, suspended: true });
    for (let n = 0; url !== null && n < times; n += 1)
      notifier.queue(url, itemOf(context, subscription, event));
  });
  return url === null ? 0 : times;
}

function itemOf(context: CloudContext, one: Subscription, lifecycleEvent: LifecycleEvent): object {
  const { tenantId } = context.directory;
  return {
    subscriptionId: one.id,
    subscriptionExpirationDateTime: one.expirationDateTime,
    tenantId,
    organizationId: tenantId,
    clientState: one.clientState,
    lifecycleEvent,
  };
}
