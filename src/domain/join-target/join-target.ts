import { type Candidate, type Ignored, readCandidates } from './candidates.ts';
import { detailsOf } from './dial-details.ts';
import type { Invitation } from './invitation.ts';
import type { JoinRules, JoinSource } from './join-source.ts';
import { meetingKey } from './same-meeting.ts';

/** How a meeting is joined. Everything but provider and source is sensitive. */
export interface JoinTarget {
  /** A provider's id of the rules, or `sip` or `h323` for a video address that no provider claims. */
  readonly provider: string;
  /** What an app opens: a link (https, or a scheme of the provider's own). */
  readonly url: string | null;
  /** What a room device dials: a video address without scheme. */
  readonly sip: string | null;
  /** The same of a system that speaks only H.323. */
  readonly h323?: string | null;
  readonly source: JoinSource;
  /** Digits alone. Absent in what an earlier version sealed, as the next. */
  readonly meetingId?: string | null;
  /** As printed. */
  readonly passcode?: string | null;
}

/** Why a candidate did not win. */
export type LoserReason = 'LATER_SOURCE' | 'LOWER_SCORE' | 'LATER_IN_TEXT';

export interface Loser {
  readonly provider: string;
  readonly address: string;
  readonly source: JoinSource;
  readonly reason: LoserReason;
}

/** Why the winner won, or why there is none. */
export type DecisionReason =
  | 'KEYWORD'
  | 'ONLY_CANDIDATE'
  | 'FIRST_SOURCE'
  | 'BEST_SCORE'
  | 'FIRST_IN_TEXT'
  | 'NO_CANDIDATE'
  | 'ONLY_WRAPPED'
  | 'ONLY_NEGATIVE';

export interface JoinDecision {
  readonly winner: JoinTarget | null;
  /** The winner as it stands in the invitation, out of its wrappers; null for a keyword and for none. */
  readonly address: string | null;
  /** Other ways to join, in the order in which they stand. */
  readonly losers: readonly Loser[];
  /** Links that are no candidates though they look like some. */
  readonly ignored: readonly Ignored[];
  readonly reason: DecisionReason;
}

/** What each use of a target opens or dials: an app the link, a room device the video address where there is one. */
export function dialOf({ url, sip, h323 }: Pick<JoinTarget, 'url' | 'sip' | 'h323'>): Dial {
  const gatekeeper = h323 === null || h323 === undefined ? null : `h323:${h323}`;
  return { app: url ?? sip ?? gatekeeper, device: sip ?? gatekeeper ?? url };
}

export interface Dial {
  readonly app: string | null;
  readonly device: string | null;
}

/** The one decision how an invitation's meeting is joined, and why so (reference: hybrid-calendar.md 4.2, row 34). */
export function decideJoinTarget(invitation: Invitation, rules: JoinRules): JoinDecision {
  const { candidates, ignored } = readCandidates(invitation, rules);
  const [best, ...others] = ranked(candidates, rules.order);
  if (best === undefined)
    return { winner: null, address: null, losers: [], ignored, reason: whyNone(ignored) };
  const rivals = new Set(others);
  const winner = targetOf(best, invitation, candidates, rules);
  const losers = losersOf(
    best,
    winner,
    candidates.filter((one) => rivals.has(one)),
  );
  return { winner, address: best.address || null, losers, ignored, reason: whyBest(best, losers) };
}

/** The best first. A stable sort: of equals, the one that stands first. */
function ranked(candidates: readonly Candidate[], order: readonly JoinSource[]): Candidate[] {
  return candidates.toSorted(
    (a, b) => order.indexOf(a.source) - order.indexOf(b.source) || b.score - a.score,
  );
}

function targetOf(
  best: Candidate,
  invitation: Invitation,
  candidates: readonly Candidate[],
  rules: JoinRules,
): JoinTarget {
  const { provider, url, source } = best;
  if (source === 'keyword')
    return { provider, url: null, sip: null, source, meetingId: null, passcode: null };
  const h323 = provider === 'h323' ? { h323: best.address } : {};
  return { provider, url, source, ...h323, ...detailsOf(best, invitation, candidates, rules.index) };
}

function losersOf(best: Candidate, winner: JoinTarget, rivals: readonly Candidate[]): Loser[] {
  const told = new Set([meetingKey(best)]);
  const dialled = plainUser(winner.sip ?? best.address);
  const linked = new Set([best, ...rivals].flatMap(({ url, provider }) => (url === null ? [] : [provider])));
  const losers: Loser[] = [];
  for (const rival of rivals) {
    const key = meetingKey(rival);
    // Beside a link of the same provider, or as the winner's own, a video address is no other way but another form.
    const isForm = rival.url === null && (linked.has(rival.provider) || plainUser(rival.address) === dialled);
    if (isForm || told.has(key)) continue;
    told.add(key);
    const { provider, address, source } = rival;
    losers.push({ provider, address, source, reason: whyLost(best, rival) });
  }
  return losers;
}

/** A passcode may stand behind the user's digits. */
function plainUser(address: string): string {
  return address.toLowerCase().replace(/^(\d+)\.\d+@/, '$1@');
}

function whyLost(best: Candidate, rival: Candidate): LoserReason {
  if (rival.source !== best.source) return 'LATER_SOURCE';
  return rival.score < best.score ? 'LOWER_SCORE' : 'LATER_IN_TEXT';
}

function whyBest(best: Candidate, losers: readonly Loser[]): DecisionReason {
  if (best.source === 'keyword') return 'KEYWORD';
  const reasons = losers.map(({ reason }) => reason);
  if (reasons.includes('LATER_IN_TEXT')) return 'FIRST_IN_TEXT';
  if (reasons.includes('LOWER_SCORE')) return 'BEST_SCORE';
  return reasons.length === 0 ? 'ONLY_CANDIDATE' : 'FIRST_SOURCE';
}

function whyNone(ignored: readonly Ignored[]): DecisionReason {
  if (ignored.some(({ reason }) => reason === 'WRAPPED')) return 'ONLY_WRAPPED';
  return ignored.length === 0 ? 'NO_CANDIDATE' : 'ONLY_NEGATIVE';
}
