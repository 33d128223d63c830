import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import type { StoredEvent } from './graph-event.ts';
import { spanOf } from './series/span.ts';
import { overlaps, type TimeWindow } from './time-window.ts';

/** Every copy of every event, on disk, found by mailbox, by meeting and by transactionId without a search. */
export class EventStore {
  readonly #table: Table<StoredEvent>;
  readonly #byMailbox = new Map<string, Set<string>>();
  readonly #byMeeting = new Map<string, Set<string>>();
  readonly #spans = new Map<string, TimeWindow>();
  readonly #byTransaction = new Map<string, string>();

  constructor(context: CloudContext) {
    this.#table = context.disk.table('graph-events');
    for (const stored of this.#table.all()) this.#index(stored);
  }

  get(mailbox: string, id: string): StoredEvent | undefined {
    const stored = this.#table.get(id);
    return stored?.mailbox === mailbox ? stored : undefined;
  }

  /** In the order of creation. */
  inMailbox(mailbox: string): StoredEvent[] {
    return this.#resolve(this.#byMailbox.get(mailbox));
  }

  /** Of those, only what may touch the window: a series is there from its first to its last day. */
  touching(mailbox: string, window: TimeWindow): StoredEvent[] {
    const near = [...(this.#byMailbox.get(mailbox) ?? [])].filter((id) => {
      const span = this.#spans.get(id);
      return span === undefined || overlaps(span, window);
    });
    return this.#resolve(near);
  }

  /** The copies of one meeting in all mailboxes. */
  ofMeeting(iCalUId: string): StoredEvent[] {
    return this.#resolve(this.#byMeeting.get(iCalUId));
  }

  byTransaction(mailbox: string, transactionId: string): StoredEvent | undefined {
    return this.#table.get(this.#byTransaction.get(`${mailbox} ${transactionId}`) ?? '');
  }

  put(stored: StoredEvent): void {
    this.#table.put(stored.event.id, stored);
    this.#index(stored);
  }

  delete({ mailbox, event }: StoredEvent): void {
    this.#table.delete(event.id);
    this.#spans.delete(event.id);
    this.#byMailbox.get(mailbox)?.delete(event.id);
    this.#byMeeting.get(event.iCalUId)?.delete(event.id);
    if (event.transactionId !== null) this.#byTransaction.delete(`${mailbox} ${event.transactionId}`);
  }

  #index(stored: StoredEvent): void {
    const { mailbox, event } = stored;
    this.#spans.set(event.id, spanOf(stored));
    addTo(this.#byMailbox, mailbox, event.id);
    addTo(this.#byMeeting, event.iCalUId, event.id);
    if (event.transactionId !== null) this.#byTransaction.set(`${mailbox} ${event.transactionId}`, event.id);
  }

  #resolve(ids: Iterable<string> | undefined): StoredEvent[] {
    return [...(ids ?? [])].flatMap((id) => this.#table.get(id) ?? []);
  }
}

/** Adds to a set that is made when it is first needed. */
export function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}
