import { z } from 'zod';
import type { EventRecurrence } from '../domain/recurrence-rule.ts';
import { oneOf } from './event-json.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const TYPES = [
  'daily',
  'weekly',
  'absoluteMonthly',
  'relativeMonthly',
  'absoluteYearly',
  'relativeYearly',
] as const;

const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** Members that a pattern does not use may be missing or hold anything. */
const RECURRENCE = z.object({
  pattern: z.object({
    type: oneOf([...TYPES, 'unknown'], 'unknown', 'unknown'),
    interval: number,
    month: number,
    dayOfMonth: number,
    daysOfWeek: z
      .array(oneOf([...DAYS, 'unknown'], 'unknown', 'unknown'))
      .nullish()
      .transform((days) => days ?? []),
    firstDayOfWeek: oneOf(DAYS, 'sunday', 'sunday'),
    index: oneOf(['first', 'second', 'third', 'fourth', 'last'], 'first', 'first'),
  }),
  range: z.object({
    type: oneOf(['endDate', 'noEnd', 'numbered', 'unknown'], 'unknown', 'unknown'),
    endDate: text,
    numberOfOccurrences: number,
    recurrenceTimeZone: text,
  }),
});

/** The recurrence of a master (reference: graph.md 1.4); null for one of a kind that nobody knows. */
export function recurrenceIn(json: unknown): EventRecurrence | null {
  const { pattern, range } = RECURRENCE.safeParse(json).data ?? {};
  if (pattern === undefined || range === undefined) return null;
  const { type, daysOfWeek, ...rest } = pattern;
  const days = daysOfWeek.flatMap((day) => (day === 'unknown' ? [] : [day]));
  if (type === 'unknown' || range.type === 'unknown' || days.length < daysOfWeek.length) return null;
  const { type: kind, endDate, numberOfOccurrences, recurrenceTimeZone: zone } = range;
  return {
    pattern: { type, ...rest, daysOfWeek: days },
    range: { type: kind, endDate, numberOfOccurrences, zone },
  };
}
