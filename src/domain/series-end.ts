/** The members of a recurrence that tell how far it reaches (reference: graph.md 1.4). */
export interface Recurrence {
  /** `daily`, `weekly`, `absoluteMonthly`, `relativeMonthly`, `absoluteYearly`, `relativeYearly`. */
  readonly pattern: string;
  readonly interval: number;
  readonly range: 'endDate' | 'noEnd' | 'numbered';
  /** `2026-12-31` in the zone of the series. */
  readonly endDate: string;
  readonly count: number;
}

const DAY_MS = 24 * 60 * 60_000;
/** At least one occurrence falls into each step of this length. */
const LONGEST_STEP_DAYS: Readonly<Record<string, number>> = {
  daily: 1,
  weekly: 7,
  absolutemonthly: 31,
  relativemonthly: 37,
  absoluteyearly: 366,
  relativeyearly: 372,
};

/**
 * An instant by which the last occurrence has ended for certain, a day of margin for the zone included; null when there is no
 * end or it can't be told. Only used to leave alone what is over, so a late answer is safe and an early one is not.
 */
export function seriesEndsAt(recurrence: Recurrence, startAt: number, endAt: number): number | null {
  const length = endAt - startAt;
  if (recurrence.range === 'endDate') {
    const day = Date.parse(`${recurrence.endDate}T00:00:00Z`);
    return Number.isNaN(day) ? null : day + 2 * DAY_MS + length;
  }
  const step = LONGEST_STEP_DAYS[recurrence.pattern.toLowerCase()];
  if (recurrence.range === 'noEnd' || step === undefined) return null;
  return endAt + recurrence.count * recurrence.interval * step * DAY_MS + DAY_MS;
}
