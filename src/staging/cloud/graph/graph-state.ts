import type { CloudContext } from '../cloud-context.ts';
import type { Disk } from '../disk.ts';
import { AskedOperations } from './asked-operations.ts';
import { ChangeLog } from './delta/change-log.ts';
import { EventStore } from './event-store.ts';
import { Courier } from './faults/courier.ts';
import { Misbehaviours } from './faults/misbehaviours.ts';
import { StaleReads } from './faults/stale-reads.ts';
import { Throttles } from './faults/throttles.ts';
import { GraphFaults } from './graph-faults.ts';
import { MailboxConcurrency } from './mailbox-concurrency.ts';
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
  readonly misbehaviours: Misbehaviours;
  readonly courier: Courier;
  readonly staleReads: StaleReads;
  readonly changes: ChangeLog;
  readonly throttles: Throttles;
  readonly concurrency: MailboxConcurrency;
  readonly asked: AskedOperations;
}

const states = new WeakMap<Disk, GraphState>();

/** One state for each disk. */
export function graphState(context: CloudContext): GraphState {
  const known = states.get(context.disk);
  if (known !== undefined) return known;
  const client = new SubscriberClient(context.caPem);
  const notifier = new Notifier(context, client);
  const misbehaviours = new Misbehaviours(context.disk);
  const state: GraphState = {
    client,
    notifier,
    misbehaviours,
    events: new EventStore(context),
    subscriptions: new SubscriptionTable(context),
    faults: new GraphFaults(),
    courier: new Courier(context, notifier, misbehaviours),
    staleReads: new StaleReads(context, misbehaviours),
    changes: new ChangeLog(context.disk),
    throttles: new Throttles(context, misbehaviours),
    concurrency: new MailboxConcurrency(),
    asked: new AskedOperations(),
  };
  states.set(context.disk, state);
  return state;
}
