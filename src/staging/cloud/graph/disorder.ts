import { z } from 'zod';
import type { Disk, Table } from '../disk.ts';

const SHARE = z.number().min(0).max(1);

/** Shares (0 to 1) of the notifications that are told twice, and that come late. */
export const DISORDER = z.strictObject({ duplicate: SHARE, reorder: SHARE });
export type DisorderShares = z.infer<typeof DISORDER>;

const ORDERLY: DisorderShares = { duplicate: 0, reorder: 0 };
const SHORTEST_HOLD_MS = 100;
const LONGEST_HOLD_MS = 2_000;

/**
 * How unruly notifications are delivered: the real service promises neither order nor once (reference: graph.md 2.8). What is
 * reordered is held back for up to two seconds, so that what happens later overtakes it. Kept over a restart.
 */
export class Disorder {
  readonly #table: Table<DisorderShares>;

  constructor(disk: Disk) {
    this.#table = disk.table('graph-disorder');
  }

  get shares(): DisorderShares {
    return this.#table.get('shares') ?? ORDERLY;
  }

  set shares(shares: DisorderShares) {
    this.#table.put('shares', shares);
  }

  /** For how many milliseconds each copy of the next notification is held back: one number for each time it is told. */
  holds(): readonly number[] {
    const { duplicate, reorder } = this.shares;
    const first = hits(reorder) ? hold() : 0;
    if (!hits(duplicate)) return [first];
    // A repetition may come in the same request or in a later one.
    return [first, hits(0.5) ? hold() : 0];
  }
}

function hits(share: number): boolean {
  return Math.random() < share;
}

function hold(): number {
  return SHORTEST_HOLD_MS + Math.random() * (LONGEST_HOLD_MS - SHORTEST_HOLD_MS);
}
