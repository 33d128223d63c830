import { type Accounts, ANSWERS, type Answer, type Joining, ownerAndGuests } from '../crash/change-plan.ts';
import type { SeededRandom } from '../crash/seeded-random.ts';

/** How a series repeats: every day or every week, so many times. */
export interface Repetition {
  readonly every: 'day' | 'week';
  readonly count: number;
}

export interface Creation {
  readonly kind: 'create';
  readonly meeting: number;
  /** Owner and guests are places in the list of accounts: people first, then rooms. */
  readonly owner: number;
  readonly guests: readonly number[];
  readonly joining: Joining;
  readonly startMinute: number;
  /** Null: it takes place once. */
  readonly repeats: Repetition | null;
}

/** Which of the occurrences that are left: counted from the first, around the end again. Null: the meeting as a whole. */
export type Which = number | null;

/** One change that a person makes in a calendar on that day. Meetings are numbered in the order of their creation. */
export type DayChange =
  | Creation
  | { readonly kind: 'move'; readonly meeting: number; readonly startMinute: number }
  | { readonly kind: 'rename'; readonly meeting: number; readonly subject: string }
  | { readonly kind: 'edit-one'; readonly meeting: number; readonly which: number; readonly edit: Edit }
  | { readonly kind: 'cancel-one'; readonly meeting: number; readonly which: number }
  /** The organiser deletes the meeting, a series as a whole. */
  | { readonly kind: 'cancel'; readonly meeting: number }
  /** A guest deletes the own copy. */
  | { readonly kind: 'delete'; readonly meeting: number; readonly guest: number }
  | {
      readonly kind: 'respond';
      readonly meeting: number;
      readonly guest: number;
      readonly which: Which;
      readonly answer: Answer;
    };

/** An occurrence gets another subject, or another time on its own day, so that it never passes a neighbour. */
export type Edit = { readonly subject: string } | { readonly minuteOfDay: number };

interface Sketch {
  readonly meeting: number;
  readonly repeats: boolean;
  /** Its join details are written at some time, which is another one in each mode. */
  readonly awaitsDetails: boolean;
  /** Of a series: occurrences that are not cancelled. */
  left: number;
  /** People who hold a copy: rooms answer by themselves. */
  holders: number[];
}

type Kind = DayChange['kind'];
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['create', 30],
  ['move', 14],
  ['rename', 10],
  ['edit-one', 12],
  ['cancel-one', 8],
  ['cancel', 8],
  ['delete', 6],
  ['respond', 12],
];

const DAY_MINUTES = 24 * 60;
/** A meeting of half an hour still ends on the same day. */
const LAST_MINUTE_OF_DAY = DAY_MINUTES - 31;
const NEAR_DAYS = 18;
const FAR_FROM_DAY = 45;
const FAR_DAYS = 60;
const FAR_SHARE = 0.08;
const SERIES_SHARE = 0.25;
const JOININGS: readonly Joining[] = ['keyword', 'keyword', 'zoom', 'google-meet'];

/** The changes of a day: decided by the random numbers alone, before anything happens. */
export function planDay(random: SeededRandom, count: number, accounts: Accounts): DayChange[] {
  const open: Sketch[] = [];
  const changes: DayChange[] = [];
  for (let meetings = 0; changes.length < count; ) {
    const change = planOne(random, open, changes.length) ?? create(random, meetings, accounts);
    if (change.kind === 'create') {
      meetings += 1;
      open.push(sketchOf(change, accounts));
    }
    changes.push(change);
  }
  return changes;
}

function sketchOf({ meeting, guests, joining, repeats }: Creation, { people }: Accounts): Sketch {
  const holders = guests.filter((guest) => guest < people);
  const awaitsDetails = joining === 'keyword';
  return { meeting, repeats: repeats !== null, awaitsDetails, left: repeats?.count ?? 1, holders };
}

/** Null: a meeting has to be created, because that is the kind or because there is none that the kind could befall. */
function planOne(random: SeededRandom, open: Sketch[], number: number): DayChange | null {
  const kind = random.weighted(WEIGHTS);
  const fit = kind === 'create' ? [] : open.filter((sketch) => suits(sketch, kind));
  if (fit.length === 0) return null;
  return befall(random, kind, random.pick(fit), open, number);
}

function befall(
  random: SeededRandom,
  kind: Kind,
  sketch: Sketch,
  open: Sketch[],
  number: number,
): DayChange | null {
  const { meeting, repeats, left } = sketch;
  const subject = `Meeting ${meeting}, renamed by change ${number}`;
  switch (kind) {
    case 'create':
      return null;
    case 'move':
      return { kind, meeting, startMinute: startMinute(random) };
    case 'rename':
      return { kind, meeting, subject };
    case 'edit-one': {
      const edit = random.unit() < 0.5 ? { subject } : { minuteOfDay: random.below(LAST_MINUTE_OF_DAY) };
      return { kind, meeting, which: random.below(left), edit };
    }
    case 'cancel-one':
      sketch.left -= 1;
      return { kind, meeting, which: random.below(left) };
    case 'cancel':
      open.splice(open.indexOf(sketch), 1);
      return { kind, meeting };
    case 'delete': {
      const guest = random.pick(sketch.holders);
      sketch.holders = sketch.holders.filter((holder) => holder !== guest);
      return { kind, meeting, guest };
    }
    case 'respond': {
      const which = repeats && random.unit() < 0.5 ? random.below(left) : null;
      return { kind, meeting, guest: random.pick(sketch.holders), which, answer: random.pick(ANSWERS) };
    }
  }
}

function suits({ repeats, awaitsDetails, left, holders }: Sketch, kind: Kind): boolean {
  // A deleted copy comes back with the next change that the organiser's calendar sends, and so with the join details: what the
  // calendars hold in the end would hang on when these were written, not on the plan alone.
  if (kind === 'delete' && awaitsDetails) return false;
  if (kind === 'edit-one') return repeats;
  if (kind === 'cancel-one') return repeats && left > 1;
  // A moved series has all its occurrences again; the plan does not follow that.
  if (kind === 'move') return !repeats;
  return (kind !== 'respond' && kind !== 'delete') || holders.length > 0;
}

function create(random: SeededRandom, meeting: number, accounts: Accounts): Creation {
  const repeats = random.unit() < SERIES_SHARE ? repetition(random) : null;
  return {
    kind: 'create',
    meeting,
    ...ownerAndGuests(random, accounts),
    joining: random.pick(JOININGS),
    startMinute: repeats === null ? startMinute(random) : nearMinute(random),
    repeats,
  };
}

function repetition(random: SeededRandom): Repetition {
  return random.unit() < 0.5
    ? { every: 'day', count: 2 + random.below(6) }
    : { every: 'week', count: 2 + random.below(4) };
}

/** Some lie far beyond the meetings list and may be moved into it, and the other way round. */
function startMinute(random: SeededRandom): number {
  if (random.unit() >= FAR_SHARE) return nearMinute(random);
  return FAR_FROM_DAY * DAY_MINUTES + random.below(FAR_DAYS * DAY_MINUTES);
}

// Nothing begins within a day: nothing ends while the day is played.
function nearMinute(random: SeededRandom): number {
  return DAY_MINUTES + random.below(NEAR_DAYS * DAY_MINUTES);
}
