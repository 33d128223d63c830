import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import type { StoredEvent } from '../graph-event.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { Misbehaviours } from './misbehaviours.ts';

interface Stale {
  readonly mailbox: string;
  /** Null: reads don't find it yet. */
  readonly before: StoredEvent | null;
  /** Epoch milliseconds of the simulated clock. */
  readonly until: number;
  readonly app: Misbehaviour['app'];
}

/** Reads that lag behind the notifications: for a while a changed event is seen as it was before (reference: graph.md 2.8). */
export class StaleReads {
  readonly #context: CloudContext;
  readonly #misbehaviours: Misbehaviours;
  readonly #table: Table<Stale>;

  constructor(context: CloudContext, misbehaviours: Misbehaviours) {
    this.#context = context;
    this.#misbehaviours = misbehaviours;
    this.#table = context.disk.table('graph-stale-reads');
  }

  /** A single event or a series changed from `before` (null: it was made). Call it inside the transaction of the change. */
  changed(mailbox: string, id: string, before: StoredEvent | null): void {
    const order = this.#misbehaviours.strike('stale-read', { mailbox });
    // What lags already keeps showing its oldest state.
    if (order === null || this.#current(id) !== null) return;
    this.#table.put(id, { mailbox, before, until: this.#context.clock.now() + order.lagMs, app: order.app });
  }

  /** Whether nothing lags. */
  get none(): boolean {
    return this.#table.size === 0;
  }

  /** What the application sees of a single event or a series; `undefined` when it sees nothing. */
  seen(
    app: 'appliance' | 'outlook',
    mailbox: string,
    id: string,
    truth: StoredEvent | undefined,
  ): StoredEvent | undefined {
    if (this.none) return truth;
    const stale = this.#current(id);
    if (stale === null || stale.mailbox !== mailbox || (stale.app !== 'any' && stale.app !== app))
      return truth;
    return stale.before ?? undefined;
  }

  #current(id: string): Stale | null {
    const stale = this.#table.get(id);
    if (stale === undefined) return null;
    if (stale.until > this.#context.clock.now()) return stale;
    this.#table.delete(id);
    return null;
  }
}
