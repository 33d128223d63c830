import type { Disk, Table } from '../../disk.ts';
import type { StoredEvent } from '../graph-event.ts';
import { spanOf } from '../series/span.ts';
import { overlaps, type TimeWindow } from '../time-window.ts';

interface Entry {
  readonly seq: number;
  readonly mailbox: string;
  readonly id: string;
  /** The time that the event or the series took up before the change; null when it did not exist. */
  readonly was: TimeWindow | null;
}

/** A single event or a series that changed. */
export interface Change {
  readonly id: string;
  /** Whether it may have been in the window before. */
  readonly was: boolean;
}

const KEPT = 5_000;
const TRIMMED_AT_ONCE = 1_000;

/** Every change of every mailbox in order, for delta rounds. Old ones are forgotten: tokens from before them are dead. */
export class ChangeLog {
  readonly #table: Table<Entry>;
  readonly #floors: Table<number>;
  readonly #byMailbox = new Map<string, Entry[]>();
  #last = 0;

  constructor(disk: Disk) {
    this.#table = disk.table('graph-changes');
    this.#floors = disk.table('graph-change-floors');
    for (const entry of this.#table.all()) this.#index(entry);
  }

  /** Number of the latest change. */
  get last(): number {
    return this.#last;
  }

  /** Call it inside the transaction of the change. */
  append(mailbox: string, id: string, before: StoredEvent | null): void {
    const was = before === null ? null : spanOf(before);
    const entry: Entry = { seq: this.#last + 1, mailbox, id, was };
    this.#table.put(String(entry.seq), entry);
    this.#index(entry);
    this.#trim(mailbox);
  }

  /** What changed behind one number up to another, each once; null when not all of it is known any more. */
  between(mailbox: string, since: number, until: number, window: TimeWindow): Change[] | null {
    if (since < (this.#floors.get(mailbox) ?? 0) || since > this.#last) return null;
    const entries = this.#byMailbox.get(mailbox) ?? [];
    const first = new Map<string, Entry>();
    for (let n = firstAfter(entries, since); n < entries.length; n += 1) {
      const entry = entries[n];
      if (entry === undefined || entry.seq > until) break;
      if (!first.has(entry.id)) first.set(entry.id, entry);
    }
    // That a series was in a window where it had no occurrence does no harm: what is unknown can be told to be gone.
    return [...first.values()].map(({ id, was }) => ({ id, was: was !== null && overlaps(was, window) }));
  }

  #index(entry: Entry): void {
    this.#last = Math.max(this.#last, entry.seq);
    const entries = this.#byMailbox.get(entry.mailbox);
    if (entries === undefined) this.#byMailbox.set(entry.mailbox, [entry]);
    else entries.push(entry);
  }

  #trim(mailbox: string): void {
    const entries = this.#byMailbox.get(mailbox) ?? [];
    if (entries.length < KEPT + TRIMMED_AT_ONCE) return;
    const gone = entries.splice(0, TRIMMED_AT_ONCE);
    for (const { seq } of gone) this.#table.delete(String(seq));
    this.#floors.put(mailbox, gone.at(-1)?.seq ?? 0);
  }
}

function firstAfter(entries: readonly Entry[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
