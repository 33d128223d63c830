import type { CloudContext } from '../../cloud-context.ts';
import { graphState } from '../graph-state.ts';
import type { DeltaRound } from './delta-rounds.ts';
import { type DeltaView, rowsOf } from './delta-rows.ts';
import type { SkipToken } from './delta-token.ts';

/** Where a page begins: the changed item, and the row of it. */
export type Position = Pick<SkipToken, 'group' | 'row' | 'rested'>;

export interface DeltaPage {
  readonly rows: readonly object[];
  /** Null on the last page. */
  readonly next: Position | null;
}

export const BEGINNING: Position = { group: 0, row: 0, rested: false };

/** One page of a round. Empty ones, repeated rows and split series come when they were ordered. */
export function deltaPage(
  context: CloudContext,
  view: DeltaView,
  round: DeltaRound,
  from: Position,
  size: number,
): DeltaPage {
  const { misbehaviours } = graphState(context);
  const { reader } = view;
  if (!from.rested && misbehaviours.strike('empty-page', reader) !== null)
    return { rows: [], next: { ...from, rested: true } };
  const before = round.groups[from.group - 1];
  const replays = before !== undefined && misbehaviours.strike('replay-rows', reader) !== null;
  const splits = misbehaviours.strike('split-series', reader) !== null;
  const page = gathered(context, view, round, from, splits ? { most: size } : { least: size });
  return { ...page, rows: [...(replays ? rowsOf(context, view, before) : []), ...page.rows] };
}

/** Observed pages keep a series together, though they grow over their size (`least`); others stop at it (`most`). */
type Size = { readonly least: number } | { readonly most: number };

function gathered(
  context: CloudContext,
  view: DeltaView,
  { groups }: DeltaRound,
  from: Position,
  size: Size,
): DeltaPage {
  const rows: object[] = [];
  const enough = 'most' in size ? size.most : size.least;
  let { group, row } = from;
  for (let change = groups[group]; change !== undefined && rows.length < enough; change = groups[group]) {
    const left = rowsOf(context, view, change).slice(row);
    const taken = 'most' in size ? left.slice(0, enough - rows.length) : left;
    rows.push(...taken);
    const done = taken.length === left.length;
    [group, row] = done ? [group + 1, 0] : [group, row + taken.length];
  }
  // A full page always promises another one, which may turn out empty.
  return { rows, next: rows.length < enough ? null : { group, row, rested: false } };
}
