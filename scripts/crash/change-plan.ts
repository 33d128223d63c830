import type { SeededRandom } from './seeded-random.ts';

/** How a meeting is joined: by the keyword, or by a link that stands in its location or its body from the beginning. */
export type Joining = 'keyword' | 'zoom' | 'google-meet';
export type Answer = 'accept' | 'tentativelyAccept' | 'decline';

export interface Creation {
  readonly kind: 'create';
  readonly meeting: number;
  /** Owner and guests are places in the list of accounts: people first, then rooms. */
  readonly owner: number;
  readonly guests: readonly number[];
  readonly joining: Joining;
  readonly startMinute: number;
}

/** One change that a person makes in a calendar. Meetings are numbered in the order of their creation. */
export type Change =
  | Creation
  | { readonly kind: 'move'; readonly meeting: number; readonly startMinute: number }
  | { readonly kind: 'rename'; readonly meeting: number; readonly subject: string }
  /** The organiser deletes a meeting that has guests. */
  | { readonly kind: 'cancel'; readonly meeting: number }
  /** The organiser deletes a meeting without guests; or a guest deletes the own copy. */
  | { readonly kind: 'delete'; readonly meeting: number; readonly guest: number | null }
  | { readonly kind: 'respond'; readonly meeting: number; readonly guest: number; readonly answer: Answer };

export interface Accounts {
  readonly people: number;
  readonly rooms: number;
}

/** What the organiser's calendar must hold of a meeting when all changes are made. */
export interface FinalMeeting extends Omit<Creation, 'kind'> {
  readonly subject: string;
  readonly fate: 'stands' | 'cancelled' | 'deleted';
}

interface Sketch {
  readonly meeting: number;
  /** People who hold a copy: rooms answer by themselves. */
  holders: number[];
  readonly hasGuests: boolean;
}

type Kind = Change['kind'];
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['create', 36],
  ['rename', 18],
  ['move', 16],
  ['respond', 16],
  ['cancel', 6],
  ['delete', 8],
];
const FIRST_MINUTE = 24 * 60;
const DAYS = 20;
const MOST_GUESTS = 3;

/**
 * The changes of a run: decided by the random numbers alone, before anything happens. The last one is a keyword, which asks every
 * service for something.
 */
export function planChanges(random: SeededRandom, count: number, accounts: Accounts): Change[] {
  const open: Sketch[] = [];
  const changes: Change[] = [];
  let meetings = 0;
  while (changes.length < count - 1) {
    const planned = planOne(random, random.weighted(WEIGHTS), open, changes.length);
    if (planned !== null) {
      changes.push(planned);
      continue;
    }
    const creation = create(random, meetings, accounts);
    meetings += 1;
    const holders = creation.guests.filter((guest) => guest < accounts.people);
    open.push({ meeting: creation.meeting, holders, hasGuests: creation.guests.length > 0 });
    changes.push(creation);
  }
  if (count > 0) changes.push({ ...create(random, meetings, accounts), joining: 'keyword' });
  return changes;
}

/** What is left in the end, by meeting. */
export function finalMeetings(changes: readonly Change[]): ReadonlyMap<number, FinalMeeting> {
  const meetings = new Map<number, FinalMeeting>();
  for (const change of changes) {
    const before = meetings.get(change.meeting);
    if (change.kind === 'create') {
      const { kind: _kind, ...rest } = change;
      meetings.set(change.meeting, { ...rest, subject: firstSubject(change.meeting), fate: 'stands' });
    } else if (before !== undefined) meetings.set(change.meeting, { ...before, ...effectOf(change) });
  }
  return meetings;
}

export function firstSubject(meeting: number): string {
  return `Meeting ${meeting}`;
}

function effectOf(change: Exclude<Change, Creation>): Partial<FinalMeeting> {
  if (change.kind === 'move') return { startMinute: change.startMinute };
  if (change.kind === 'rename') return { subject: change.subject };
  if (change.kind === 'cancel') return { fate: 'cancelled' };
  return change.kind === 'delete' && change.guest === null ? { fate: 'deleted' } : {};
}

/** Null: a meeting has to be created, because that is the kind or because there is none that the kind could befall. */
function planOne(random: SeededRandom, kind: Kind, open: Sketch[], number: number): Change | null {
  const fit = kind === 'create' ? [] : open.filter((sketch) => suits(sketch, kind));
  if (fit.length === 0) return null;
  const sketch = random.pick(fit);
  const { meeting } = sketch;
  if (kind === 'move') return { kind, meeting, startMinute: startMinute(random) };
  if (kind === 'rename') return { kind, meeting, subject: `Meeting ${meeting}, renamed by change ${number}` };
  if (kind === 'respond')
    return { kind, meeting, guest: random.pick(sketch.holders), answer: random.pick(ANSWERS) };
  if (kind === 'delete' && sketch.hasGuests) return leave(random, sketch);
  open.splice(open.indexOf(sketch), 1);
  return kind === 'cancel' ? { kind, meeting } : { kind: 'delete', meeting, guest: null };
}

export const ANSWERS: readonly Answer[] = ['accept', 'tentativelyAccept', 'decline'];

function suits({ holders, hasGuests }: Sketch, kind: Kind): boolean {
  if (kind === 'respond') return holders.length > 0;
  if (kind === 'cancel') return hasGuests;
  return kind !== 'delete' || !hasGuests || holders.length > 0;
}

function leave(random: SeededRandom, sketch: Sketch): Change {
  const guest = random.pick(sketch.holders);
  sketch.holders = sketch.holders.filter((holder) => holder !== guest);
  return { kind: 'delete', meeting: sketch.meeting, guest };
}

function create(random: SeededRandom, meeting: number, accounts: Accounts): Creation {
  return {
    kind: 'create',
    meeting,
    ...ownerAndGuests(random, accounts),
    joining: random.pick(JOININGS),
    startMinute: startMinute(random),
  };
}

/** Somebody who invites up to three others. */
export function ownerAndGuests(
  random: SeededRandom,
  { people, rooms }: Accounts,
): { owner: number; guests: number[] } {
  const owner = random.below(people);
  const others = Array.from({ length: people + rooms }, (_, n) => n).filter((n) => n !== owner);
  return { owner, guests: random.some(others, random.below(MOST_GUESTS + 1)) };
}

const JOININGS: readonly Joining[] = ['keyword', 'keyword', 'keyword', 'zoom', 'google-meet'];

// Far enough from now that nothing ends during the run, near enough to stand in the list.
function startMinute(random: SeededRandom): number {
  return FIRST_MINUTE + random.below(DAYS * 24 * 60);
}
