import { answeredPlaces } from './answered-place.ts';
import type { CalendarEvent } from './calendar-event.ts';
import { readBody } from './html-text.ts';
import { withJoinBlock } from './join-block/join-block.ts';
import {
  type JoinBlockSettings,
  type JoinDetails,
  joinBlockOf,
  ownTexts,
} from './join-block/join-details.ts';
import { invitationOf } from './join-target/invitation.ts';
import type { JoinRules } from './join-target/join-source.ts';
import { decideJoinTarget } from './join-target/join-target.ts';
import { findKeyword, type KeywordHit } from './keyword.ts';
import { type Mark, markText } from './mark.ts';
import type { Sharing } from './meeting-request.ts';
import type { EventWrite } from './ports.ts';
import { recurrenceRule } from './recurrence-rule.ts';
import type { TraceCode } from './trace.ts';

/** What becomes of a keyword in an invitation that another provider's link or address already stands in. */
export const EXISTING_TARGETS = ['keep', 'add', 'replace'] as const;
/**
 * `keep`: the keyword is left alone. `add`: our join block is added and the Join button stays with the other one. `replace`: the
 * Join button goes to ours. What people wrote is never deleted.
 */
export type ExistingTarget = (typeof EXISTING_TARGETS)[number];

/** What an organisation chooses for its keywords. */
export interface SchedulingSettings {
  readonly existingTarget: ExistingTarget;
  readonly sharing: Sharing;
}

/** What a decision about a keyword goes by. */
export interface DecorationRules {
  readonly joinRules: JoinRules;
  readonly existingTarget: ExistingTarget;
}

/** Whether a keyword asks for an arrangement, and if not, why. */
export type Decoration =
  | { readonly kind: 'arrange'; readonly keyword: KeywordHit }
  | { readonly kind: 'none'; readonly code: TraceCode | null };

/** Decides whether to write to this event. Only the organiser's copy is ever written (design D2). */
export function decideDecoration(event: CalendarEvent, rules: DecorationRules, now: number): Decoration {
  const keyword = findKeyword(
    event.locations.map((location) => location.displayName),
    rules.joinRules.keywords,
  );
  if (keyword === null) return { kind: 'none', code: null };
  const code = obstacle(event, rules, now);
  return code === null ? { kind: 'arrange', keyword } : { kind: 'none', code };
}

function obstacle(event: CalendarEvent, rules: DecorationRules, now: number): TraceCode | null {
  if (!event.isOrganizer) return 'NOT_ORGANIZER';
  if (event.isCancelled) return 'CANCELLED';
  if (event.isDraft) return 'DRAFT';
  if (event.lastEndAt !== null && event.lastEndAt <= now) return 'PAST';
  // A plain occurrence only shows its master's location: the master is decorated.
  if (event.type === 'occurrence') return 'IN_SERIES';
  if (rules.existingTarget === 'keep' && isJoinedElsewhere(event, rules.joinRules))
    return 'EXISTING_TARGET_KEPT';
  return null;
}

const OF_WEBEX = new Set(['webex', 'webex-instant']);

function isJoinedElsewhere(event: CalendarEvent, rules: JoinRules): boolean {
  const order = rules.order.filter((source) => source !== 'keyword');
  const invitation = invitationOf(event, readBody(event.bodyType, event.body));
  const { winner } = decideJoinTarget(invitation, { ...rules, order });
  return winner !== null && !OF_WEBEX.has(winner.provider);
}

/** The arrangement that a keyword gets, and why it is another one than was asked for. */
export interface Choice {
  readonly kind: KeywordHit['arrangement'];
  readonly code: TraceCode | null;
}

/** Whether Webex can repeat a meeting as this event does. */
export function isRepeatable({ type, recurrence }: CalendarEvent): boolean {
  return type !== 'seriesMaster' || (recurrence !== null && recurrenceRule(recurrence).kind === 'rule');
}

/** Webex can't repeat a meeting in every way that a calendar can: then the organiser's personal room serves. */
export function arrangementFor(event: CalendarEvent, { arrangement, modifierUnknown }: KeywordHit): Choice {
  const code = modifierUnknown ? 'MODIFIER_UNKNOWN' : null;
  if (arrangement === 'personal-room' || isRepeatable(event)) return { kind: arrangement, code };
  return { kind: 'personal-room', code: 'RECURRENCE_NOT_EXPRESSIBLE' };
}

/** What a join block looks like to this organiser. */
export interface JoinBlockLook {
  readonly settings: JoinBlockSettings;
  /** Of the organiser's mailbox, e.g. `sv-SE`; null when nobody chose one. */
  readonly locale: string | null;
}

/** The one write of a settled change: the keyword's place gets the meeting's address, the body its join block. */
export function decorate(
  event: CalendarEvent,
  keyword: KeywordHit,
  details: JoinDetails,
  id: Mark['id'],
  look: JoinBlockLook,
): EventWrite {
  const mark = markText({ id, typed: keyword.typed });
  const locations = answeredPlaces(event, keyword, details, look.settings);
  const block = joinBlockOf(details, look.settings, look.locale);
  const before = { contentType: event.bodyType, content: event.body };
  const body = withJoinBlock(before, block, ownTexts(look.settings));
  return body === null ? { locations, mark } : { locations, mark, body };
}
