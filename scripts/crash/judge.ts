import type { HeldMeeting } from './appliance-database.ts';
import { notificationKey } from './appliance-database.ts';
import type { MadeMeeting } from './change-maker.ts';
import type { FinalMeeting } from './change-plan.ts';

/** A promise that was broken, with everything that is needed to look for the cause. */
export interface Violation {
  readonly rule: 'lost' | 'doubled' | 'corrupt' | 'late' | 'forgotten' | 'unsettled' | 'broken';
  readonly what: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type JudgedMeeting = FinalMeeting & MadeMeeting;

/** What the simulated Graph noted about a write, the simulated Webex about an accepted version, and the record of a 2xx. */
export interface Write {
  readonly at: string;
  readonly app: string;
  readonly method: string;
  readonly mailbox: string;
  readonly eventId: string;
}
export interface Effect {
  readonly at: number;
  readonly userId: string;
  readonly meetingId: string;
  readonly version: number;
  readonly kind: 'created' | 'updated' | 'withdrawn';
}
export interface Acknowledged {
  readonly at: number;
  readonly item: {
    readonly subscriptionId: string;
    readonly changeType: string;
    readonly resourceData: { readonly id: string; readonly '@odata.etag': string };
  };
}

/** Exactly one PATCH of the organiser's copy for each keyword (none is needed where the meeting went before), and no other write. */
export function judgeWrites(writes: readonly Write[], meetings: readonly JudgedMeeting[]): Violation[] {
  const byEvent = Map.groupBy(
    writes.filter(({ app }) => app === 'appliance'),
    ({ eventId }) => eventId,
  );
  const keywords = new Map(
    meetings.filter(({ joining }) => joining === 'keyword').map((one) => [one.eventId, one]),
  );
  const violations: Violation[] = [];
  for (const [eventId, ofEvent] of byEvent) {
    const facts = { eventId, meeting: keywords.get(eventId)?.meeting, writes: ofEvent };
    if (!keywords.has(eventId))
      violations.push({ rule: 'doubled', what: 'a write to an event without a keyword', facts });
    else if (ofEvent.some(({ method }) => method !== 'PATCH'))
      violations.push({ rule: 'doubled', what: 'a write that is no PATCH', facts });
    else if (ofEvent.length > 1)
      violations.push({ rule: 'doubled', what: `${ofEvent.length} writes to one keyword event`, facts });
  }
  for (const meeting of keywords.values()) {
    if (meeting.fate === 'stands' && !byEvent.has(meeting.eventId))
      violations.push({ rule: 'lost', what: 'a keyword was never answered', facts: { meeting } });
  }
  return violations;
}

/** A write that landed has its outcome noted, whoever died in between; `intended` are the events without one. */
export function judgeOutcomes(
  writes: readonly Write[],
  meetings: readonly JudgedMeeting[],
  intended: ReadonlySet<string>,
): Violation[] {
  const landed = new Set(writes.filter(({ app }) => app === 'appliance').map(({ eventId }) => eventId));
  return meetings
    .filter(({ fate, eventId }) => fate === 'stands' && landed.has(eventId) && intended.has(eventId))
    .map((meeting) => ({
      rule: 'lost',
      what: 'a write landed and its outcome was never noted',
      facts: { meeting },
    }));
}

/** Each version of a meeting once, never an older one after a newer one, and one meeting for each copy of an event. */
export function judgeEffects(effects: readonly Effect[], held: readonly HeldMeeting[]): Violation[] {
  const known = new Set(held.map(({ webexId, meetingId }) => `${webexId} ${meetingId}`));
  const violations: Violation[] = [];
  const byMeeting = Map.groupBy(effects, ({ userId, meetingId }) => `${userId} ${meetingId}`);
  for (const [id, ofMeeting] of byMeeting) {
    const facts = { userAndMeeting: id, effects: ofMeeting };
    if (!known.has(id))
      violations.push({ rule: 'doubled', what: 'a meeting that stands for no event: made twice', facts });
    const versions = ofMeeting.map(({ version }) => version);
    if (new Set(versions).size < versions.length)
      violations.push({ rule: 'doubled', what: 'a version was accepted twice', facts });
    else if (versions.some((version, n) => version < (versions[n - 1] ?? 0)))
      violations.push({ rule: 'doubled', what: 'an older version was accepted after a newer one', facts });
    const kinds = ofMeeting.map(({ kind }) => kind);
    if (kinds.some((kind, n) => kind === 'created' && n > 0 && kinds[n - 1] !== 'withdrawn'))
      violations.push({ rule: 'doubled', what: 'a meeting was made twice', facts });
  }
  return violations;
}

/** Two meetings in one list for one event. `items` are those that are listed, as they were sent. */
export function judgeItems(
  items: readonly {
    readonly userId: string;
    readonly item: { readonly id: string; readonly seriesId: string } | null;
  }[],
): Violation[] {
  const listed = items.flatMap(({ userId, item }) =>
    item === null ? [] : [{ copy: `${userId} ${item.seriesId}`, meetingId: item.id }],
  );
  return [...Map.groupBy(listed, ({ copy }) => copy)].flatMap(([copy, twins]) =>
    twins.length === 1
      ? []
      : [{ rule: 'doubled', what: 'two meetings for one copy of an event', facts: { copy, twins } } as const],
  );
}

/** Every notification that was answered with 2xx is held. */
export function judgeAcknowledged(
  acknowledged: readonly Acknowledged[],
  held: ReadonlySet<string>,
): Violation[] {
  return acknowledged
    .filter(({ item }) => !held.has(keyOf(item)))
    .map(({ at, item }) => ({
      rule: 'forgotten',
      what: 'a notification was acknowledged and is not in the database',
      facts: {
        acknowledgedAt: new Date(at).toISOString(),
        subscriptionId: item.subscriptionId,
        changeType: item.changeType,
        eventId: item.resourceData.id,
        etag: item.resourceData['@odata.etag'],
      },
    }));
}

function keyOf({ subscriptionId, resourceData, changeType }: Acknowledged['item']): string {
  return notificationKey(subscriptionId, resourceData.id, changeType, resourceData['@odata.etag']);
}
