import { AppError } from '../domain/app-error.ts';
import { type ArrangementRow, NOTHING_MADE } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { readMark } from '../domain/mark.ts';
import type { EventReading } from '../domain/ports.ts';
import { undecorate } from '../domain/standing.ts';
import { endAtWebex } from './end-arrangement.ts';
import { leaveAlone } from './inherited.ts';
import { mailsOf, note, type Occasion } from './occasion.ts';
import { writeInheritors } from './series-exceptions.ts';
import { takingOut } from './settle.ts';
import type { SyncDeps } from './sync-deps.ts';
import { putEvent } from './write-event.ts';

/**
 * Puts the keyword back as it was typed, takes the block away, and deletes what was made in Webex. Null when exceptions were
 * written first: the series is to be read again. Throws READING_OUTDATED when the calendar does not show yet what we wrote: it
 * can’t be told what is to be put back.
 */
export async function putBack(
  deps: SyncDeps,
  at: Occasion,
  known: ArrangementRow,
): Promise<EventReading | null> {
  const mark = readMark(at.event.mark);
  const isShown = mark?.id === known.mark;
  if (!isShown && known.writtenChangeKey !== null) throw outdated();
  const { joinBlock } = deps.settings;
  const write = isShown ? undecorate(at.event, mark, joinBlock) : null;
  const bare = async (one: CalendarEvent) => {
    if (mark === null) return null;
    // Known before the keyword stands there again: it is not to be answered.
    await leaveAlone(deps, known, one);
    return undecorate(one, mark, joinBlock);
  };
  if (await writeInheritors(deps, at, bare)) return null;
  if (write !== null) await takingOut(deps, known);
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  await endAtWebex(deps, at.mailbox, known);
  const { changeKey: writtenChangeKey } = outcome.event;
  const mails = known.mails + (write === null ? 0 : mailsOf(at));
  await deps.store.writeTogether((w) => {
    w.putArrangement({ ...known, ...NOTHING_MADE, state: 'undecorated', writtenChangeKey, mails });
  });
  await note(deps, at, 'UNDECORATED');
  return { kind: 'found', event: outcome.event };
}

function outdated(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'READING_OUTDATED',
    message: 'Microsoft 365 does not show yet what was written to the event; it is read again until it does.',
  });
}
