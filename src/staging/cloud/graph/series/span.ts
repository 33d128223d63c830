import type { StoredEvent } from '../graph-event.ts';
import { isSeries } from '../graph-event.ts';
import { type TimeWindow, timesOf } from '../time-window.ts';
import { exceptionsOf } from './occurrence.ts';
import { lastSlot } from './slots.ts';

const DAY_MS = 86_400_000;

/** The time that a single event takes up, or a series from its first to its last day: what lies outside is not touched by it. */
export function spanOf(stored: StoredEvent): TimeWindow {
  const times = timesOf(stored.event);
  if (!isSeries(stored)) return times;
  const last = Date.parse(lastSlot(stored.event.recurrence) ?? '') + 2 * DAY_MS;
  const moved = exceptionsOf(stored).map(({ event }) => timesOf(event));
  return {
    from: Math.min(times.from, ...moved.map(({ from }) => from)),
    to: Math.max(last + times.to - times.from, ...moved.map(({ to }) => to)),
  };
}
