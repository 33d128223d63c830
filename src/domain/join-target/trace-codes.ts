import type { TraceCode } from '../trace.ts';
import type { JoinDecision } from './join-target.ts';

/** A row for each of many would bury the others. */
const MOST = 8;

/** The decision for the trace: providers, sources and reasons, none of them from the invitation's own words. */
export function joinCodes({ winner, losers, ignored, reason }: JoinDecision): TraceCode[] {
  const first: TraceCode =
    winner === null ? 'NO_JOIN_TARGET' : `JOIN_TARGET ${winner.provider} ${winner.source} ${reason}`;
  return [
    first,
    ...losers
      .slice(0, MOST)
      .map((one): TraceCode => `JOIN_LOSER ${one.provider} ${one.source} ${one.reason}`),
    ...ignored
      .slice(0, MOST)
      .map((one): TraceCode => `JOIN_IGNORED ${one.reason} ${one.detail} ${one.source}`),
  ];
}
