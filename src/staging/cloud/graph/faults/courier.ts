import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { appNameOf } from '../graph-writes.ts';
import type { Notifier } from '../notifier.ts';
import type { Subscription } from '../subscription-table.ts';
import { consentOf } from './consent.ts';
import { isSilent, mailboxState } from './mailbox-state.ts';
import type { Misbehaviours, Opportunity } from './misbehaviours.ts';

interface ChangeItem {
  readonly changeType: 'created' | 'updated' | 'deleted';
}

/** A notification that is not handed to the notifier yet. */
interface Held {
  readonly id: string;
  readonly subscriptionId: string;
  readonly url: string;
  readonly item: object;
  readonly why: 'late' | 'reorder' | 'suspended';
  /** Epoch milliseconds of the simulated clock: when it goes, or, while suspended, when it was held. */
  readonly at: number;
}

const PATIENCE_MS = 4 * 3_600_000;
const REORDER_MS = 5_000;

/**
 * Stands between the changes and the notifier and lets go wrong what was ordered. Also keeps back what belongs to a
 * subscription that waits to be reauthorised: it goes out afterwards when it is younger than four hours (graph.md 2.5).
 */
export class Courier {
  readonly #context: CloudContext;
  readonly #notifier: Notifier;
  readonly #misbehaviours: Misbehaviours;
  readonly #held: Table<Held>;
  readonly #timers = new Map<string, () => void>();
  #last = 0;
  #running = false;

  constructor(context: CloudContext, notifier: Notifier, misbehaviours: Misbehaviours) {
    this.#context = context;
    this.#notifier = notifier;
    this.#misbehaviours = misbehaviours;
    this.#held = context.disk.table('graph-held-notifications');
    for (const { id } of this.#held.all()) this.#last = Math.max(this.#last, Number(id));
  }

  /** Call it inside the transaction of the change. */
  send<T extends ChangeItem>(subscription: Subscription, item: T): void {
    const app = appNameOf(this.#context, subscription.applicationId);
    if (this.#isSilent(app, subscription.mailbox)) return;
    if (subscription.suspended === true) {
      this.#hold(subscription, item, 'suspended', this.#context.clock.now());
      return;
    }
    const about = { app, mailbox: subscription.mailbox };
    if (this.#misbehaviours.strike('drop', about) !== null) return;
    const sent = this.#mistyped(item, about);
    const copies = this.#misbehaviours.strike('duplicate', about)?.copies ?? 0;
    for (let n = 0; n <= copies; n += 1) this.#dispatch(subscription, sent, about);
  }

  /** Sends what was kept back for a subscription; what is too old is lost. */
  release(subscriptionId: string): void {
    const young = this.#context.clock.now() - PATIENCE_MS;
    for (const one of this.#held.all()) {
      if (one.subscriptionId !== subscriptionId || one.why !== 'suspended') continue;
      if (one.at < young) this.#held.delete(one.id);
      else this.#letGo(one);
    }
  }

  start(): void {
    this.#running = true;
    for (const one of this.#held.all()) this.#arm(one);
  }

  stop(): void {
    this.#running = false;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #isSilent(app: 'appliance' | 'outlook', mailbox: string): boolean {
    if (app === 'appliance' && consentOf(this.#context).withdrawn !== false) return true;
    return isSilent(mailboxState(this.#context, app, mailbox));
  }

  #mistyped(item: ChangeItem, about: Opportunity): ChangeItem {
    const wrong = this.#misbehaviours.strike('wrong-change-type', about);
    if (wrong === null) return item;
    const changeType = wrong.to ?? (item.changeType === 'created' ? 'updated' : 'created');
    return { ...item, changeType };
  }

  #dispatch(subscription: Subscription, item: object, about: Opportunity): void {
    const now = this.#context.clock.now();
    const late = this.#misbehaviours.strike('late', about);
    if (late !== null) {
      this.#hold(subscription, item, 'late', now + late.delayMs);
      return;
    }
    const url = subscription.notificationUrl;
    const overtaken = this.#held.all().filter((one) => one.why === 'reorder' && one.url === url);
    if (overtaken.length === 0 && this.#misbehaviours.strike('reorder', about) !== null) {
      this.#hold(subscription, item, 'reorder', now + REORDER_MS);
      return;
    }
    this.#notifier.queue(url, item);
    for (const one of overtaken) this.#letGo(one);
  }

  #hold(subscription: Subscription, item: object, why: Held['why'], at: number): void {
    this.#last += 1;
    const { id: subscriptionId, notificationUrl: url } = subscription;
    const held: Held = { id: String(this.#last), subscriptionId, url, item, why, at };
    this.#held.put(held.id, held);
    this.#arm(held);
  }

  #arm(one: Held): void {
    if (!this.#running || one.why === 'suspended') return;
    const cancel = this.#context.clock.at(one.at, () => this.#letGo(one));
    this.#timers.set(one.id, cancel);
  }

  #letGo({ id, url, item }: Held): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    if (this.#held.get(id) === undefined) return;
    this.#held.delete(id);
    this.#notifier.queue(url, item);
  }
}
