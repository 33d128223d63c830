import { z } from 'zod';
import { invalid } from '../graph-refusal.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const INDEXES = ['first', 'second', 'third', 'fourth', 'last'] as const;

export type DayOfWeek = (typeof DAYS)[number];
export type WeekIndex = (typeof INDEXES)[number];
export type PatternType =
  | 'daily'
  | 'weekly'
  | 'absoluteMonthly'
  | 'relativeMonthly'
  | 'absoluteYearly'
  | 'relativeYearly';

export interface RecurrencePattern {
  readonly type: PatternType;
  /** Days, weeks, months or years from one to the next. */
  readonly interval: number;
  readonly month: number;
  readonly dayOfMonth: number;
  /** Absent where the pattern has no days of the week, as in the answers of the service. */
  readonly daysOfWeek?: readonly DayOfWeek[];
  readonly firstDayOfWeek: DayOfWeek;
  readonly index: WeekIndex;
}

export interface RecurrenceRange {
  readonly type: 'endDate' | 'noEnd' | 'numbered';
  readonly startDate: string;
  /** The last day that may have an occurrence; `0001-01-01` when the range is of another type. */
  readonly endDate: string;
  readonly recurrenceTimeZone: string;
  readonly numberOfOccurrences: number;
}

/** `recurrence` as Graph answers it: members that the pattern does not use hold their defaults. */
export interface PatternedRecurrence {
  readonly pattern: RecurrencePattern;
  readonly range: RecurrenceRange;
}

const NO_DATE = '0001-01-01';
const MOST_OCCURRENCES = 10_000;

const DATE = z.iso.date();
const DAY = z.string().toLowerCase().pipe(z.enum(DAYS));
const COUNT = z.int().min(1).max(999);
const RECURRENCE = z.object({
  pattern: z.object({
    type: z.enum([
      'daily',
      'weekly',
      'absoluteMonthly',
      'relativeMonthly',
      'absoluteYearly',
      'relativeYearly',
    ]),
    interval: COUNT,
    month: z.int().min(0).max(12).nullish(),
    dayOfMonth: z.int().min(0).max(31).nullish(),
    daysOfWeek: z.array(DAY).nullish(),
    firstDayOfWeek: DAY.nullish(),
    index: z.enum(INDEXES).nullish(),
  }),
  range: z.object({
    type: z.enum(['endDate', 'noEnd', 'numbered']),
    startDate: DATE,
    endDate: DATE.nullish(),
    recurrenceTimeZone: z.string().nullish(),
    numberOfOccurrences: z.int().min(0).max(MOST_OCCURRENCES).nullish(),
  }),
});

type Given = z.infer<typeof RECURRENCE>;

// Which members each pattern needs (reference: the recurrencePattern type; the others are passed over).
const NEEDS: Readonly<Record<PatternType, readonly ('daysOfWeek' | 'dayOfMonth' | 'month')[]>> = {
  daily: [],
  weekly: ['daysOfWeek'],
  absoluteMonthly: ['dayOfMonth'],
  relativeMonthly: ['daysOfWeek'],
  absoluteYearly: ['dayOfMonth', 'month'],
  relativeYearly: ['daysOfWeek', 'month'],
};

/** Reads `recurrence` of a request; null takes the recurrence away. Refuses patterns and ranges that lack what they need. */
export function readRecurrence(value: unknown): PatternedRecurrence | null {
  if (value === null) return null;
  const parsed = RECURRENCE.safeParse(value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') ?? '';
    throw invalid('ErrorInvalidParameter', `The value of the property 'recurrence/${where}' is not valid.`);
  }
  return { pattern: writtenPattern(parsed.data.pattern), range: writtenRange(parsed.data.range) };
}

/** Monday is 1 and Sunday 7, as ISO 8601 numbers them. */
export function dayNumber(day: DayOfWeek): number {
  return DAYS.indexOf(day) + 1;
}

function writtenPattern(given: Given['pattern']): RecurrencePattern {
  const needs = NEEDS[given.type];
  for (const name of needs) refuseMissing(`pattern/${name}`, given[name]);
  const daysOfWeek = needs.includes('daysOfWeek') ? inOrder(given.daysOfWeek ?? []) : null;
  const relative = given.type.startsWith('relative');
  return {
    type: given.type,
    interval: given.interval,
    month: needs.includes('month') ? (given.month ?? 0) : 0,
    dayOfMonth: needs.includes('dayOfMonth') ? (given.dayOfMonth ?? 0) : 0,
    ...(daysOfWeek === null ? {} : { daysOfWeek }),
    firstDayOfWeek: (given.type === 'weekly' ? given.firstDayOfWeek : null) ?? 'sunday',
    index: (relative ? given.index : null) ?? 'first',
  };
}

function writtenRange(given: Given['range']): RecurrenceRange {
  const { type, startDate } = given;
  if (type === 'endDate') refuseMissing('range/endDate', given.endDate);
  if (type === 'numbered') refuseMissing('range/numberOfOccurrences', given.numberOfOccurrences);
  return {
    type,
    startDate,
    endDate: type === 'endDate' ? (given.endDate ?? NO_DATE) : NO_DATE,
    recurrenceTimeZone: given.recurrenceTimeZone ?? '',
    numberOfOccurrences: type === 'numbered' ? (given.numberOfOccurrences ?? 0) : 0,
  };
}

function refuseMissing(name: string, value: unknown): void {
  const missing = Array.isArray(value) ? value.length === 0 : !value || value === NO_DATE;
  if (missing) throw invalid('ErrorPropertyValidationFailure', `recurrence/${name} is needed.`);
}

function inOrder(days: readonly DayOfWeek[]): readonly DayOfWeek[] {
  return [...new Set(days)].toSorted((a, b) => dayNumber(a) - dayNumber(b));
}
