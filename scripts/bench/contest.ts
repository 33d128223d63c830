import { median } from './quantile.ts';

/** Works for about so many milliseconds; gives operations per second. */
export type Runner = (ms: number) => Promise<number>;

export interface ContestResult {
  /** Median of the rounds' ratios, ours ÷ theirs in operations per second: bigger is better. */
  readonly ratio: number;
  /** Median operations per second. */
  readonly ours: number;
  readonly theirs: number;
}

/**
 * Both take turns, and who begins changes from round to round: what the machine does meanwhile hits both alike. One round of
 * each is thrown away, so that compiled code is compared with compiled code.
 */
export async function contest(
  ours: Runner,
  theirs: Runner,
  o: { readonly rounds: number; readonly roundMs: number },
): Promise<ContestResult> {
  await ours(o.roundMs);
  await theirs(o.roundMs);
  const rounds: { ours: number; theirs: number }[] = [];
  for (let n = 0; n < o.rounds; n += 1) {
    const before = n % 2 === 0 ? null : await theirs(o.roundMs);
    const mine = await ours(o.roundMs);
    rounds.push({ ours: mine, theirs: before ?? (await theirs(o.roundMs)) });
  }
  return {
    ratio: median(rounds.map((round) => round.ours / round.theirs)),
    ours: median(rounds.map((round) => round.ours)),
    theirs: median(rounds.map((round) => round.theirs)),
  };
}

/** Repeats one operation; a promise is awaited before the next begins. */
export function repeat(operation: () => unknown): Runner {
  return async (ms) => {
    const begin = performance.now();
    let count = 0;
    let now = begin;
    for (; now - begin < ms; now = performance.now()) {
      // The clock costs as much as a small operation: look at it now and then only.
      for (let n = 0; n < 8; n += 1) {
        const pending = operation();
        if (pending instanceof Promise) await pending;
      }
      count += 8;
    }
    return (count * 1000) / (now - begin);
  };
}
