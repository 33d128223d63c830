import { z } from 'zod';
import { readObject } from '../event-input.ts';
import { invalid } from '../graph-refusal.ts';
import { lowerNames } from '../respond-input.ts';
import type { TimeWindow } from '../time-window.ts';
import { instantOf } from '../time-zone.ts';

const ZONED = z.object({ dateTime: z.string(), timeZone: z.string().default('UTC') });
const SCHEDULE = z.strictObject({
  schedules: z.array(z.string()).min(1),
  starttime: ZONED,
  endtime: ZONED,
  availabilityviewinterval: z.int().min(5).max(1440).nullish(),
});

const MOST_SCHEDULES = 100;
const LONGEST_MS = 62 * 86_400_000;
const MINUTE_MS = 60_000;

export interface ScheduleQuestion extends TimeWindow {
  /** As they were sent. */
  readonly schedules: readonly string[];
  readonly intervalMs: number;
}

/** Reads POST getSchedule; parameter names compare without case. Refuses what goes over the limits (reference: graph.md 7). */
export function readSchedule(text: string): ScheduleQuestion {
  const parsed = SCHEDULE.safeParse(lowerNames(readObject(text)));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') ?? '';
    throw invalid('ErrorInvalidParameter', `The value of the parameter '${where}' is not valid.`);
  }
  const { schedules, starttime, endtime, availabilityviewinterval } = parsed.data;
  if (schedules.length > MOST_SCHEDULES)
    throw invalid('ErrorMailboxDataArrayTooBig', 'The limit on the number of mailboxes has been exceeded.');
  const [from, to] = [instantOf(starttime), instantOf(endtime)];
  if (to <= from)
    throw invalid('ErrorInvalidTimeInterval', 'The end time must be later than the start time.');
  if (to - from > LONGEST_MS)
    throw invalid(
      'ErrorTimeIntervalTooBig',
      'The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = 62 days.',
    );
  const intervalMs = (availabilityviewinterval ?? 30) * MINUTE_MS;
  if (intervalMs > to - from)
    throw invalid('ErrorInvalidMergedFreeBusyInterval', 'The interval is longer than the time window.');
  return { schedules, from, to, intervalMs };
}
