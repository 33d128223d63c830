import { type ArrangementRow, detailsOfRoom, isOfItsOwn, NOTHING_MADE } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { decorate, isRepeatable } from '../domain/decoration.ts';
import { findKeyword, type KeywordHit } from '../domain/keyword.ts';
import type { EventReading, EventWrite } from '../domain/ports.ts';
import { bareEvent, showsBlock } from '../domain/standing.ts';
import { openAddress } from './addresses.ts';
import { type Arranged, madeAnew, type Renewal, renewal } from './arrange-meeting.ts';
import { endAtWebex } from './end-arrangement.ts';
import { isOver } from './next-occurrence.ts';
import { note, type Occasion } from './occasion.ts';
import { writeInheritors } from './series-exceptions.ts';
import { written } from './settle.ts';
import type { SyncDeps } from './sync-deps.ts';

export type Made = Extract<Arranged, { kind: 'made' }>;

/**
 * What was made in Webex moves with the event; where it is gone there, another one takes its place in the invitation. Null when
 * exceptions were written first: the series is to be read again.
 */
export async function followed(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
): Promise<EventReading | null> {
  const { event } = at;
  const isServed = !isOfItsOwn(row) || isRepeatable(event) || (await isOver(deps, at));
  const now = isServed ? row : await servedByRoom(deps, at, row);
  if (now === null) return { kind: 'found', event };
  const again = isOfItsOwn(now) ? await madeAnew(deps, at, now) : await roomAnew(deps, at, now);
  if (again === null) return { kind: 'found', event };
  const { made, bare, keyword } = again;
  const anew = (one: CalendarEvent) => redecoration(deps, { ...at, event: one }, keyword.typed, made);
  if (await writeInheritors(deps, at, anew)) return null;
  const { body, ...place } = decoration(deps, { ...at, event: bare }, keyword, made);
  // A block that somebody deleted is not put back.
  const shows = body !== undefined && showsBlock(event, deps.settings.joinBlock);
  return await written(deps, at, made.row, shows ? { ...place, body } : place);
}

/**
 * A series that Webex can’t repeat any more is served by the personal room, as if it had been so from the start. Null where that is
 * not possible: then all stays as it is.
 */
async function servedByRoom(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
): Promise<ArrangementRow | null> {
  await note(deps, at, 'RECURRENCE_NOT_EXPRESSIBLE');
  const room = await deps.webex.personalRoom(await openAddress(deps, at.mailbox));
  if (room === null) await note(deps, at, 'NO_PERSONAL_ROOM');
  if (room === null || renewal(deps, at, { kind: 'made', details: detailsOfRoom(room), row }) === null)
    return null;
  await endAtWebex(deps, at.mailbox, row);
  const served: ArrangementRow = { ...row, ...NOTHING_MADE, kind: 'personal-room', state: 'rewriting' };
  await deps.store.writeTogether((w) => w.putArrangement(served));
  return served;
}

/** A personal room that was renamed; null when the invitation leads there already. */
async function roomAnew(deps: SyncDeps, at: Occasion, row: ArrangementRow): Promise<Renewal | null> {
  if (row.state !== 'rewriting') return null;
  const room = await deps.webex.personalRoom(await openAddress(deps, at.mailbox));
  const isShown = at.event.locations.some(({ displayName }) => displayName.includes(room?.url ?? ''));
  const details = room === null || isShown ? null : detailsOfRoom(room);
  const again = details === null ? null : renewal(deps, at, { kind: 'made', details, row });
  if (again === null) await deps.store.writeTogether((w) => w.putArrangement({ ...row, state: 'standing' }));
  return again;
}

/** The write to an exception that holds another answer; null where the new way to join stands already. */
export function redecoration(deps: SyncDeps, at: Occasion, typed: string, made: Made): EventWrite | null {
  const { link } = made.details;
  if (at.event.locations.some(({ displayName }) => displayName.includes(link ?? ''))) return null;
  const { joinBlock, joinRules } = deps.settings;
  const event = bareEvent(at.event, { typed }, joinBlock);
  const names = event.locations.map(({ displayName }) => displayName);
  const keyword = findKeyword(names, joinRules.keywords);
  return keyword === null ? null : decoration(deps, { ...at, event }, keyword, made);
}

/** The write that answers a keyword. */
export function decoration(
  deps: SyncDeps,
  { mailbox, event }: Occasion,
  keyword: KeywordHit,
  { details, row }: Made,
): EventWrite {
  const look = { settings: deps.settings.joinBlock, locale: mailbox.locale };
  return decorate(event, keyword, details, row.mark, look);
}
