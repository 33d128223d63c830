import { normaliseAddress } from '../domain/address.ts';
import type { OwnKind } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { chooseLanguage } from '../domain/join-block/choose-language.ts';
import { wordingOf } from '../domain/join-block/languages.ts';
import { type MeetingWish, meetingRequest, type Wish } from '../domain/meeting-request.ts';
import { recurrenceRule } from '../domain/recurrence-rule.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { spaceMembers } from '../domain/space-members.ts';
import type { TraceCode } from '../domain/trace.ts';
import { canonicalJson } from '../seal/canonical.ts';
import { keyedHash } from '../seal/keyed-hash.ts';
import { knownMailbox, openAddress } from './addresses.ts';
import { withSealingKey } from './mailbox-keys.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';
import { canOpen } from './working-key.ts';

/** What is asked of Webex for an event. */
export interface Asked {
  readonly kind: 'asked';
  readonly request: Extract<MeetingWish, { kind: 'request' }>['request'];
  /** Of the space: its name, and UUIDs of those who get into it. */
  readonly title: string;
  readonly members: readonly string[];
  /** Keyed: the same again asks nothing new. */
  readonly hash: Uint8Array;
  /** URI of its key. */
  readonly key: string;
  /** What the organiser may want to know. */
  readonly remarks: readonly TraceCode[];
}

/**
 * What Webex is to be asked for, with all that may leave (design D4); or why it is not asked. `askedKey`: the key of the hash that this
 * one is to be compared with, if there is one.
 */
export async function askedFor(
  deps: SyncDeps,
  at: Occasion,
  kind: OwnKind,
  askedKey: string | null,
): Promise<Asked | { readonly kind: 'none'; readonly code: TraceCode }> {
  const people =
    kind === 'space' ? await peopleOf(deps, at) : ({ kind: 'members', ids: [], remarks: [] } as const);
  if (people.kind === 'too-many') return { kind: 'none', code: 'SPACE_TOO_LARGE' };
  const wish = await wishFor(deps, at, kind);
  if (wish === null) return { kind: 'none', code: 'PAST' };
  const wished = meetingRequest(wish, deps.settings.scheduling.sharing, deps.clock.now());
  if (wished.kind === 'refused') return { kind: 'none', code: wished.reason };
  const { request } = wished;
  const hashed = await hashOf(deps, at, request, people.ids, askedKey);
  return {
    kind: 'asked',
    request,
    title: request.title,
    members: people.ids,
    ...hashed,
    remarks: people.remarks,
  };
}

async function wishFor(deps: SyncDeps, at: Occasion, kind: OwnKind): Promise<Wish | null> {
  const { event, mailbox } = at;
  const next = await nextOccurrence(deps, at);
  if (next === null) return null;
  const { settings } = deps;
  const { language, fallbackLanguage } = settings.joinBlock;
  return {
    event,
    startAt: next.startAt,
    endAt: next.endAt,
    ...repetition(event, next.passed),
    hostAddress: await openAddress(deps, mailbox),
    inSpace: kind === 'space',
    neutralTitle: wordingOf(chooseLanguage(mailbox.locale, language, fallbackLanguage)).title,
  };
}

function repetition({ type, recurrence }: CalendarEvent, passed: number): Pick<Wish, 'zone' | 'rule'> {
  const rule =
    type === 'seriesMaster' && recurrence !== null ? recurrenceRule(recurrence, passed) : { kind: 'none' };
  return 'rule' in rule ? { zone: rule.zone, rule: rule.rule } : { zone: 'UTC', rule: null };
}

// What hangs on the moment of asking is left out: a series that has begun starts later each time it is looked at.
async function hashOf(
  deps: SyncDeps,
  { mailbox, event }: Occasion,
  { title, invitees }: Asked['request'],
  members: readonly string[],
  askedKey: string | null,
): Promise<Pick<Asked, 'hash' | 'key'>> {
  const { startAt, endAt, recurrence } = event;
  const plain = canonicalJson({ title, invitees, members, startAt, endAt, recurrence });
  try {
    const known = askedKey !== null && (await canOpen(deps, askedKey)) ? askedKey : null;
    if (known === null)
      return await withSealingKey(deps, mailbox, (key, { uri }) => ({
        hash: keyedHash(key, 'asked', plain),
        key: uri,
      }));
    const hash = await deps.kms.withKey(known, (key) => keyedHash(key, 'asked', plain));
    return { hash, key: known };
  } finally {
    plain.fill(0);
  }
}

type People =
  | { readonly kind: 'members'; readonly ids: readonly string[]; readonly remarks: readonly TraceCode[] }
  | { readonly kind: 'too-many' };

/**
 * The enabled among the invited, and the organiser. Whoever is not enabled can't be told from a distribution list, which is never
 * expanded: the organiser adds them by hand.
 */
async function peopleOf(deps: SyncDeps, { mailbox, event }: Occasion): Promise<People> {
  const invited = event.attendees.filter(({ type }) => type !== 'resource');
  const addresses = new Set(invited.map(({ address }) => normaliseAddress(address)));
  addresses.delete(normaliseAddress(event.organizer.address));
  const found = await Promise.all([...addresses].map((address) => personBehind(deps, address)));
  const ids = [mailbox, ...found].flatMap((row) => row?.webexId ?? []);
  const members = spaceMembers(ids);
  if (members.kind === 'too-many') return { kind: 'too-many' };
  const remarks: TraceCode[] = [];
  if (found.includes(null)) remarks.push('SPACE_PEOPLE_LEFT_OUT');
  if (addresses.size === 1) remarks.push('SPACE_FOR_TWO_MADE');
  return { kind: 'members', ids: members.personIds, remarks };
}

/** Null for everybody who is not enabled. */
async function personBehind(deps: SyncDeps, address: string): Promise<MailboxRow | null> {
  if (address === '') return null;
  const id = await knownMailbox(deps, address);
  const row = deps.store.read((r) => r.mailbox(id));
  return row?.kind === 'person' && row.webexId !== null ? row : null;
}
