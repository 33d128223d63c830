import { randomBytes } from 'node:crypto';
import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { graphState } from '../graph-state.ts';
import type { TimeWindow } from '../time-window.ts';
import type { Change } from './change-log.ts';
import { isInWindow } from './delta-rows.ts';

/** One round of delta: what it goes over was settled when it began, so that its pages fit together. */
export interface DeltaRound extends TimeWindow {
  readonly id: string;
  readonly mailbox: string;
  readonly groups: readonly Change[];
  /** Number of the last change that it covers: the next round begins behind it. */
  readonly until: number;
}

const ROUNDS_KEPT = 8;

/** A first round: everything in the window. */
export function firstRound(context: CloudContext, mailbox: string, window: TimeWindow): DeltaRound {
  const { events, changes } = graphState(context);
  const groups = events
    .touching(mailbox, window)
    .filter((stored) => isInWindow(stored, window))
    .map(({ event }) => ({ id: event.id, was: false }));
  return { id: newRoundId(), mailbox, ...window, groups, until: changes.last };
}

/** A round of what changed since an earlier one; null when that is not known any more. */
export function laterRound(
  context: CloudContext,
  mailbox: string,
  since: number,
  window: TimeWindow,
): DeltaRound | null {
  const { changes } = graphState(context);
  const until = changes.last;
  const groups = changes.between(mailbox, since, until, window);
  return groups === null ? null : { id: newRoundId(), mailbox, ...window, groups, until };
}

/** Keeps a round that has more pages; the oldest of the mailbox is forgotten. */
export function keepRound(context: CloudContext, round: DeltaRound): void {
  const rounds = table(context);
  if (rounds.get(round.id) !== undefined) return;
  rounds.put(round.id, round);
  const own = rounds.all().filter(({ mailbox }) => mailbox === round.mailbox);
  for (const { id } of own.slice(0, -ROUNDS_KEPT)) rounds.delete(id);
}

export function keptRound(context: CloudContext, id: string): DeltaRound | undefined {
  return table(context).get(id);
}

function newRoundId(): string {
  return randomBytes(12).toString('base64url');
}

function table(context: CloudContext): Table<DeltaRound> {
  return context.disk.table('graph-delta-rounds');
}
