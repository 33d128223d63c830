import type { Violation } from '../crash/judge.ts';

/** What one person or room could know of one meeting for a while: instants in simulated epoch milliseconds. */
export interface Stay {
  readonly account: string;
  readonly meeting: number;
  readonly startAt: number;
  readonly endAt: number;
  /** From when on it stood so in the calendar, and until when; Infinity for the end of the day. */
  readonly from: number;
  readonly until: number;
}

/** What the cloud noted about a reminder. */
export interface Arrival {
  readonly at: number;
  readonly userId: string;
  readonly kind: 'created' | 'updated' | 'withdrawn';
  readonly start: string | null;
  readonly meetingId: string;
}

/** While Webex or the appliance was away. */
export interface Absence {
  readonly from: number;
  readonly until: number;
}

export interface Bounds {
  readonly leadMs: number;
  /** Real bounds times the speed of the clock. */
  readonly onTimeMs: number;
  readonly recoveryMs: number;
  /** Until a change in a calendar is known and worked off. */
  readonly changeMs: number;
  /** When the day was over: what is due later is not judged. */
  readonly judgedUntil: number;
}

/** No reminder missing, doubled, early or late, by what stood in the calendars. */
export function judgeReminders(
  stays: readonly Stay[],
  arrivals: readonly Arrival[],
  absences: readonly Absence[],
  bounds: Bounds,
): Violation[] {
  const known = Map.groupBy(stays, keyOf);
  const arrived = Map.groupBy(
    arrivals.filter(({ start }) => start !== null),
    ({ userId, start }) => `${userId} ${Date.parse(start ?? '')}`,
  );
  const strangers = [...arrived].filter(([key]) => !known.has(key));
  return [
    ...strangers.map(([key, of]) =>
      violation('doubled', 'a reminder of what was never in the calendar', { key, of }),
    ),
    ...[...known].flatMap(([key, of]) => judgeStart(of, arrived.get(key) ?? [], absences, bounds)),
    ...doubled(arrivals),
  ];
}

function keyOf({ account, startAt }: Stay): string {
  return `${account} ${startAt}`;
}

/** Shown anew without having been taken away in between. */
function doubled(arrivals: readonly Arrival[]): Violation[] {
  return [...Map.groupBy(arrivals, ({ userId, meetingId }) => `${userId} ${meetingId}`)].flatMap(
    ([key, of]) => {
      const seen = of.map(({ kind, start }) => `${kind} ${start}`);
      const twice = seen.some((one, n) => n > 0 && one.startsWith('created') && one === seen[n - 1]);
      return twice ? [violation('doubled', 'a reminder came twice', { key, of })] : [];
    },
  );
}

function judgeStart(
  stays: readonly Stay[],
  arrivals: readonly Arrival[],
  absences: readonly Absence[],
  bounds: Bounds,
): Violation[] {
  const facts = { stays, arrivals };
  const early = arrivals.some(({ at, start }) => at < Date.parse(start ?? '') - bounds.leadMs);
  if (early) return [violation('doubled', 'a reminder came before its time', facts)];
  const owed = stays.filter((stay) => isOwed(stay, absences, bounds));
  if (owed.length === 0) return [];
  const [first] = arrivals;
  if (first === undefined) return [violation('lost', 'a reminder never came', facts)];
  const latest = Math.max(...owed.map((stay) => latestAt(stay, absences, bounds)));
  const lateMs = first.at - latest;
  return lateMs > 0 ? [violation('late', `a reminder came ${lateMs} ms too late`, facts)] : [];
}

/** Whether it must have come: the meeting stood long enough, and was not over before it could. */
function isOwed(stay: Stay, absences: readonly Absence[], bounds: Bounds): boolean {
  const latest = latestAt(stay, absences, bounds);
  return latest < Math.min(stay.until, stay.endAt, bounds.judgedUntil);
}

function latestAt(stay: Stay, absences: readonly Absence[], bounds: Bounds): number {
  const due = stay.startAt - bounds.leadMs;
  const isChange = stay.from + bounds.changeMs > due;
  const plain = isChange ? stay.from + bounds.changeMs : due + bounds.onTimeMs;
  const met = absences.filter(({ from, until }) => from <= plain && until >= Math.min(due, stay.from));
  return Math.max(
    plain,
    ...met.map(({ until }) => until + bounds.recoveryMs + (isChange ? bounds.changeMs : 0)),
  );
}

function violation(rule: Violation['rule'], what: string, facts: Violation['facts']): Violation {
  return { rule, what, facts };
}
