import type { Meeting } from './meeting.ts';
import type { ReminderRow } from './rows.ts';

/** Whether a listed meeting has a reminder at all: a whole day without a way to join is only a note in the calendar. */
export function isReminded({ isAllDay, joinTarget }: Pick<Meeting, 'isAllDay' | 'joinTarget'>): boolean {
  return !isAllDay || joinTarget !== null;
}

/** When a reminder lapses: what takes no time at all is shown for a minute, as in the list. */
export function lapseOf({ startAt, endAt }: Pick<Meeting, 'startAt' | 'endAt'>): number {
  return Math.max(endAt, startAt + 60_000);
}

/** What is to be done about a reminder. */
export type ReminderStep =
  /** Nothing until the meeting changes. */
  | { readonly kind: 'rest' }
  /** It comes later, at its time. */
  | { readonly kind: 'wait' }
  /** Webex is to hold the reminder as the meeting is now; the same content is not told twice. */
  | { readonly kind: 'tell' }
  /** Webex is to drop it; `again` when it comes anew at a later time. */
  | { readonly kind: 'withdraw'; readonly again: boolean }
  /** The meeting ended before it could be told. */
  | { readonly kind: 'missed' };

export type ReminderFacts = Pick<
  ReminderRow,
  'wanted' | 'startAt' | 'endAt' | 'told' | 'toldStartAt' | 'version' | 'sentVersion'
>;

/**
 * The one decision about a reminder (reference: hybrid-calendar.md 1.9). It depends on the clock only until Webex holds it: a
 * clock that is set back takes nothing away and tells nothing twice, one that is set forward tells what is still of use.
 */
export function reminderStep(reminder: ReminderFacts, leadMs: number, now: number): ReminderStep {
  const isDue = reminder.startAt - leadMs <= now;
  const isOver = reminder.endAt <= now;
  if (reminder.told === 'reminder') return stepOfTold(reminder, isDue, isOver);
  if (!reminder.wanted) return { kind: 'rest' };
  if (isOver) return { kind: 'missed' };
  return { kind: isDue ? 'tell' : 'wait' };
}

function stepOfTold(reminder: ReminderFacts, isDue: boolean, isOver: boolean): ReminderStep {
  const { wanted, startAt, toldStartAt, version, sentVersion } = reminder;
  const isMoved = startAt !== toldStartAt;
  const isHeld = sentVersion >= version;
  // It lapses at its own end.
  if (isOver && !(wanted && isMoved)) return { kind: isHeld || !wanted ? 'rest' : 'missed' };
  if (!wanted) return { kind: 'withdraw', again: false };
  if (isMoved) return isDue && !isOver ? { kind: 'tell' } : { kind: 'withdraw', again: !isOver };
  // Set back before it arrived.
  if (!isDue && !isHeld) return { kind: 'wait' };
  return { kind: 'tell' };
}

/** The longest pause of an upstream while a reminder waits for it; the jitter is a quarter of it. */
export const AWAITED_PAUSE_MS = 1_000;
