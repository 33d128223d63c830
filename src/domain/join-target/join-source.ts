import type { Keywords } from '../keyword.ts';
import type { RuleIndex } from './rule-index.ts';

/** Where a join target was found. The order here is the order of decision as it is published. */
export const JOIN_SOURCES = ['keyword', 'online-meeting', 'location', 'block', 'body', 'sip'] as const;
export type JoinSource = (typeof JOIN_SOURCES)[number];

/** What a decision goes by. */
export interface JoinRules {
  readonly index: RuleIndex;
  /** Sources that are looked at; the first that holds a candidate decides. */
  readonly order: readonly JoinSource[];
  readonly keywords: Keywords;
}
