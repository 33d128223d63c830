import type { CloudContext } from '../cloud-context.ts';
import type { Disk } from '../disk.ts';
import { EventStore } from './event-store.ts';
import { GraphFaults } from './graph-faults.ts';
import { Notifier } from './notifier.ts';
import { SubscriberClient } from './subscriber-client.ts';
import { SubscriptionTable } from './subscription-table.ts';

/** The living parts of the simulated Graph; its routes and its control share them. */
export interface GraphState {
  readonly events: EventStore;
  readonly subscriptions: SubscriptionTable;
  readonly notifier: Notifier;
  readonly client: SubscriberClient;
  readonly faults: GraphFaults;
}

const states = new WeakMap<Disk, GraphState>();

/** One state for each disk. */
export function graphState(context: CloudContext): GraphState {
  const known = states.get(context.disk);
  if (known !== undefined) return known;
  const client = new SubscriberClient(context.caPem);
  const state: GraphState = {
    client,
    events: new EventStore(context),
    subscriptions: new SubscriptionTable(context),
    notifier: new Notifier(context, client),
    faults: new GraphFaults(),
  };
  states.set(context.disk, state);
  return state;
}
