import type { Ignored } from './candidates.ts';
import {
  type DecisionReason,
  type Dial,
  dialOf,
  type JoinDecision,
  type JoinTarget,
  type Loser,
} from './join-target.ts';

/** A decision as it is shown to people and programs; its members stay, others may be added. */
export interface Explanation {
  readonly winner: ExplainedWinner | null;
  readonly losers: readonly Loser[];
  /** Links that look like a way to join and are none, or that only their wrapper's own service can open. */
  readonly ignored: readonly Ignored[];
  readonly reason: DecisionReason;
}

export interface ExplainedWinner extends Pick<JoinTarget, 'provider' | 'source' | 'sip'> {
  /** As it stands in the invitation, out of its wrappers; null for a keyword. */
  readonly address: string | null;
  readonly dial: Dial;
  readonly meetingId: string | null;
  readonly passcode: string | null;
}

export function explanationOf({ winner, address, losers, ignored, reason }: JoinDecision): Explanation {
  return { winner: winner === null ? null : explained(winner, address), losers, ignored, reason };
}

function explained(target: JoinTarget, address: string | null): ExplainedWinner {
  const { provider, source, sip, meetingId = null, passcode = null } = target;
  return { provider, address, source, sip, dial: dialOf(target), meetingId, passcode };
}
