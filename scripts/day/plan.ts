import type { SeededRandom } from '../crash/seeded-random.ts';

/** Numbers of accounts: people first, then rooms. */
export interface Crowd {
  readonly people: number;
  readonly rooms: number;
}

/** By `@webex`, by `@meet`, or by somebody else's address in the text. */
export type Joining = 'personal-room' | 'space' | 'zoom';

/** One thing that happens, so many minutes after the beginning of the day; before it where the number is negative. */
export type Happening = { readonly minute: number } & (
  | {
      readonly kind: 'book';
      readonly meeting: number;
      readonly owner: number;
      readonly guests: readonly number[];
      /** Seconds after the beginning; no two meetings ever begin in the same second, so that a start tells which one it is. */
      readonly startSecond: number;
      readonly minutes: number;
      readonly joining: Joining;
      readonly isPrivate: boolean;
      readonly hasFile: boolean;
      /** On so many days in a row, this one the first. */
      readonly days: number;
    }
  | { readonly kind: 'move'; readonly meeting: number; readonly startSecond: number }
  | { readonly kind: 'cancel'; readonly meeting: number }
  | { readonly kind: 'answer'; readonly meeting: number; readonly guest: number; readonly declines: boolean }
  /** Out of office between two minutes, which lie far enough ahead to be read before. */
  | { readonly kind: 'away'; readonly person: number; readonly fromMinute: number; readonly toMinute: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'outage'; readonly minutes: number }
);

export interface DaySize {
  readonly meetings: number;
  /** Length of the day in minutes. */
  readonly minutes: number;
}

const LENGTHS = [15, 30, 30, 30, 60, 90];
const JOININGS: readonly Joining[] = ['personal-room', 'personal-room', 'space', 'zoom', 'zoom'];
const SHARES = { private: 0.1, file: 0.15, series: 0.1 };
const SERIES_DAYS = 3;
/** Meetings begin on the quarter, and seconds later: each in a second of its own. */
const QUARTER_S = 15 * 60;
/** Out of office is read every ten minutes. */
const READ_MINUTES = 25;

/** The happenings of a day in their order, decided by the random numbers alone. */
export function planDay(random: SeededRandom, size: DaySize, crowd: Crowd): Happening[] {
  const starts = new Starts(random, size.minutes);
  const happenings: Happening[] = [];
  for (let meeting = 0; meeting < size.meetings; meeting += 1)
    happenings.push(...lifeOf(random, meeting, size, crowd, starts));
  for (let person = 0; person < crowd.people; person += 5) happenings.push(absence(random, person, size));
  return [...happenings, ...troubles(size)].sort((a, b) => a.minute - b.minute);
}

/** Seconds in which meetings begin, none of them twice. */
class Starts {
  readonly #random: SeededRandom;
  readonly #quarters: number;
  readonly #taken = new Set<number>();

  constructor(random: SeededRandom, minutes: number) {
    this.#random = random;
    this.#quarters = Math.floor((minutes * 60) / QUARTER_S);
  }

  /** At the earliest so many minutes after the beginning. */
  next(fromMinute: number): number {
    const first = Math.min(this.#quarters - 1, Math.ceil((fromMinute * 60) / QUARTER_S));
    const quarter = first + this.#random.below(this.#quarters - first);
    let second = quarter * QUARTER_S;
    while (this.#taken.has(second)) second += 1;
    this.#taken.add(second);
    return second;
  }
}

function lifeOf(
  random: SeededRandom,
  meeting: number,
  { minutes }: DaySize,
  crowd: Crowd,
  starts: Starts,
): Happening[] {
  const owner = random.below(crowd.people);
  const others = Array.from({ length: crowd.people }, (_, n) => n).filter((n) => n !== owner);
  const room = random.unit() < 0.4 ? [crowd.people + random.below(crowd.rooms)] : [];
  const people = random.some(others, 1 + random.below(4));
  // Most meetings are booked the days before, some on the day itself.
  const bookedAt = random.unit() < 0.7 ? -1 : random.below(Math.floor(minutes * 0.7));
  const startSecond = starts.next(Math.max(10, bookedAt + 15));
  const booked: Happening = {
    kind: 'book',
    minute: bookedAt,
    meeting,
    owner,
    guests: [...people, ...room],
    startSecond,
    minutes: random.pick(LENGTHS),
    joining: random.pick(JOININGS),
    isPrivate: random.unit() < SHARES.private,
    hasFile: random.unit() < SHARES.file,
    days: random.unit() < SHARES.series ? SERIES_DAYS : 1,
  };
  return [booked, ...changesOf(random, booked, people, starts, minutes)];
}

function changesOf(
  random: SeededRandom,
  { meeting, minute, startSecond }: Extract<Happening, { kind: 'book' }>,
  people: readonly number[],
  starts: Starts,
  minutes: number,
): Happening[] {
  const earliest = Math.max(0, minute) + 5;
  const latest = Math.floor(startSecond / 60) + 10;
  const when = earliest + random.below(Math.max(1, Math.min(latest, minutes - 10) - earliest));
  const draw = random.unit();
  if (draw < 0.2) return [{ kind: 'move', minute: when, meeting, startSecond: starts.next(when + 2) }];
  if (draw < 0.35) return [{ kind: 'cancel', minute: when, meeting }];
  const guest = random.pick(people);
  if (draw < 0.7) return [{ kind: 'answer', minute: when, meeting, guest, declines: random.unit() < 0.5 }];
  return [];
}

function absence(random: SeededRandom, person: number, { minutes }: DaySize): Happening {
  const span = minutes - 2 * READ_MINUTES;
  const fromMinute = READ_MINUTES + random.below(Math.max(1, Math.floor(span / 2)));
  const toMinute = fromMinute + 10 + random.below(Math.max(1, Math.floor(span / 3)));
  return { kind: 'away', minute: -1, person, fromMinute, toMinute };
}

/** Three restarts, and an hour without Webex; less on a shorter day. */
function troubles({ minutes }: DaySize): Happening[] {
  const at = (share: number): number => Math.floor(minutes * share);
  return [
    ...[0.2, 0.55, 0.85].map((share): Happening => ({ kind: 'restart', minute: at(share) })),
    { kind: 'outage', minute: at(0.35), minutes: Math.min(60, at(0.12)) },
  ];
}
