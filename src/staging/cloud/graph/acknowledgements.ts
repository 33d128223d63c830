import type { Disk, Table } from '../disk.ts';

/** One notification that its subscriber answered with 2xx: from then on it is the subscriber's to keep. */
export interface Acknowledgement {
  /** Real epoch milliseconds of the answer. */
  readonly at: number;
  readonly url: string;
  readonly item: object;
}

/** Far more than any test looks at; an installation that runs for weeks must not fill the memory. */
const KEPT = 20_000;

/** The last 20,000 notifications that were acknowledged, on disk. */
export class Acknowledgements {
  readonly #table: Table<Acknowledgement & { readonly id: string }>;
  #last: number;

  constructor(disk: Disk) {
    this.#table = disk.table('graph-acknowledged');
    this.#last = Number(this.#table.all().at(-1)?.id ?? 0);
  }

  /** Call it inside the transaction that takes the notification off the waiting ones. */
  note(acknowledgement: Acknowledgement): void {
    this.#last += 1;
    const id = String(this.#last);
    this.#table.put(id, { id, ...acknowledgement });
    this.#table.delete(String(this.#last - KEPT));
  }

  /** Oldest first. */
  all(): readonly Acknowledgement[] {
    return this.#table.all();
  }
}
