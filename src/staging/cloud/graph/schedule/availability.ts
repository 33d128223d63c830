import type { StoredEvent } from '../graph-event.ts';
import { overlaps, type TimeWindow, timesOf } from '../time-window.ts';
import { instantOf, wallClock } from '../time-zone.ts';
import type { ScheduleQuestion } from './schedule-input.ts';

/** A stretch of somebody's calendar. */
export interface Stretch extends TimeWindow {
  readonly event: StoredEvent['event'];
}

const DIGITS: Readonly<Record<string, string>> = {
  tentative: '1',
  busy: '2',
  oof: '3',
  workingElsewhere: '4',
};
// What covers what when several take place at once.
const RANK = ['free', 'unknown', 'workingElsewhere', 'tentative', 'busy', 'oof'];

/** When events take place for somebody who asks in a zone: all-day ones are days of that zone. */
export function stretchesOf(events: readonly StoredEvent[], zone: string): Stretch[] {
  return events.map(({ event }) => {
    if (!event.isAllDay) return { event, ...timesOf(event) };
    const at = ({ dateTime }: { readonly dateTime: string }): number =>
      instantOf({ dateTime, timeZone: zone });
    return { event, from: at(event.start), to: at(event.end) };
  });
}

/** One digit for each interval of the window (reference: graph.md 7). */
export function availabilityView(stretches: readonly Stretch[], question: ScheduleQuestion): string {
  const count = Math.ceil((question.to - question.from) / question.intervalMs);
  return Array.from({ length: count }, (_, n) => {
    const from = question.from + n * question.intervalMs;
    return digitOf(stretches, { from, to: from + question.intervalMs });
  }).join('');
}

/** How a stretch is shown; only who may read the calendar sees more than when (`own`). */
export function scheduleItem({ event, from, to }: Stretch, zone: string, own: boolean): object {
  const times = { status: event.showAs, start: wallClock(from, zone), end: wallClock(to, zone) };
  if (!own) return times;
  const isPrivate = event.sensitivity === 'private' || event.sensitivity === 'confidential';
  if (isPrivate) return { isPrivate, ...times };
  return { isPrivate, subject: event.subject, location: event.location.displayName, ...times };
}

function digitOf(stretches: readonly Stretch[], interval: TimeWindow): string {
  const ranks = stretches
    .filter((one) => overlaps(one, interval))
    .map(({ event }) => RANK.indexOf(event.showAs));
  return DIGITS[RANK[Math.max(0, ...ranks)] ?? ''] ?? '0';
}
