import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import { addTo } from './event-store.ts';

export interface Subscription {
  readonly id: string;
  /** Client id of the application that made it; no other application sees it. */
  readonly applicationId: string;
  /** GUID of the mailbox whose events are watched. */
  readonly mailbox: string;
  /** As it was asked for. */
  readonly resource: string;
  /** Comma-separated, as it was asked for. */
  readonly changeType: string;
  readonly clientState: string | null;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly expirationDateTime: string;
  /** Waits to be reauthorised; nothing is delivered until then. */
  readonly suspended?: boolean;
}

/** The subscriptions on disk. One that has expired on the simulated clock is gone for everybody. */
export class SubscriptionTable {
  readonly #context: CloudContext;
  readonly #table: Table<Subscription>;
  readonly #byMailbox = new Map<string, Set<string>>();

  constructor(context: CloudContext) {
    this.#context = context;
    this.#table = context.disk.table('graph-subscriptions');
    for (const { mailbox, id } of this.#table.all()) addTo(this.#byMailbox, mailbox, id);
  }

  get(id: string): Subscription | undefined {
    const found = this.#table.get(id.toLowerCase());
    return found !== undefined && this.#lives(found) ? found : undefined;
  }

  onMailbox(mailbox: string): Subscription[] {
    return [...(this.#byMailbox.get(mailbox) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  ofApplication(applicationId: string): Subscription[] {
    return this.all().filter((one) => one.applicationId === applicationId);
  }

  /** Those of all applications. */
  all(): Subscription[] {
    return this.#table.all().filter((one) => this.#lives(one));
  }

  put(subscription: Subscription): void {
    this.#table.put(subscription.id, subscription);
    addTo(this.#byMailbox, subscription.mailbox, subscription.id);
  }

  delete({ id, mailbox }: Subscription): void {
    this.#table.delete(id);
    this.#byMailbox.get(mailbox)?.delete(id);
  }

  #lives({ expirationDateTime }: Subscription): boolean {
    return Date.parse(expirationDateTime) > this.#context.clock.now();
  }
}
