import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { GraphRefusal } from '../graph-refusal.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { Misbehaviours, Opportunity } from './misbehaviours.ts';
import { waitOf } from './retry-after.ts';

type Throttle = Extract<Misbehaviour, { kind: 'throttle' }>;

/** A throttle that struck: whoever calls before its time is over is refused again. */
interface Hold {
  readonly order: Throttle;
  /** Epoch milliseconds of the simulated clock. */
  readonly until: number;
}

/** How often an application did not wait as long as it was asked to. */
export interface Impatience {
  readonly app: 'appliance' | 'outlook';
  /** GUID; null when the whole application was asked to wait. */
  readonly mailbox: string | null;
  readonly early: number;
}

/** Throttling on request, of one mailbox or of a whole application (reference: graph.md 4.2). */
export class Throttles {
  readonly #context: CloudContext;
  readonly #misbehaviours: Misbehaviours;
  readonly #holds: Table<Hold>;
  readonly #impatience: Table<Impatience>;

  constructor(context: CloudContext, misbehaviours: Misbehaviours) {
    this.#context = context;
    this.#misbehaviours = misbehaviours;
    this.#holds = context.disk.table('graph-throttle-holds');
    this.#impatience = context.disk.table('graph-impatience');
  }

  impatience(): readonly Impatience[] {
    return this.#impatience.all();
  }

  /** Why the call has to wait; null when it may pass. */
  refuse(about: Opportunity & { readonly app: 'appliance' | 'outlook' }): GraphRefusal | null {
    const mailbox = about.mailbox ?? null;
    const waiting =
      this.#waiting(about.app, null) ?? (mailbox === null ? null : this.#waiting(about.app, mailbox));
    if (waiting !== null) return waiting;
    const order = this.#misbehaviours.strike(
      'throttle',
      about,
      ({ scope }) => scope === 'app' || mailbox !== null,
    );
    if (order === null) return null;
    const now = this.#context.clock.now();
    const { header, until } = waitOf(order.retryAfter, now);
    if (until > now)
      this.#holds.put(keyOf(about.app, order.scope === 'app' ? null : mailbox), { order, until });
    return refusal(order, header);
  }

  #waiting(app: 'appliance' | 'outlook', mailbox: string | null): GraphRefusal | null {
    const key = keyOf(app, mailbox);
    const hold = this.#holds.get(key);
    if (hold === undefined) return null;
    const leftMs = hold.until - this.#context.clock.now();
    if (leftMs <= 0) {
      this.#holds.delete(key);
      return null;
    }
    const early = (this.#impatience.get(key)?.early ?? 0) + 1;
    this.#impatience.put(key, { app, mailbox, early });
    return refusal(hold.order, String(Math.ceil(leftMs / 1000)));
  }
}

function refusal({ scope, code }: Throttle, header: string | null): GraphRefusal {
  const headers = header === null ? {} : { 'Retry-After': header };
  if (code === 'UnknownError') return new GraphRefusal(429, code, '', { headers });
  const named = code ?? (scope === 'mailbox' ? 'ApplicationThrottled' : 'TooManyRequests');
  const message =
    named === 'ApplicationThrottled'
      ? 'Application is over its MailboxConcurrency limit.'
      : 'Too many requests.';
  return new GraphRefusal(429, named, message, { headers });
}

function keyOf(app: string, mailbox: string | null): string {
  return `${app} ${mailbox ?? '*'}`;
}
