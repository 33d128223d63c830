import { type ArrangementRow, NOTHING_MADE } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { findKeyword } from '../domain/keyword.ts';
import type { EventReading } from '../domain/ports.ts';
import { showsBlock, standingOf } from '../domain/standing.ts';
import { lastEndOf } from './intent.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';
import { putEvent } from './write-event.ts';

/**
 * An event without an arrangement of its own. An exception holds what was written to its series before: where our address was
 * deleted from it, the block goes there, and the series keeps its meeting.
 */
export async function asInSeries(deps: SyncDeps, at: Occasion): Promise<EventReading> {
  const { event } = at;
  const { joinBlock } = deps.settings;
  const isLive = seriesRow(deps, at)?.state === 'standing' && !event.isCancelled;
  if (!isLive || event.endAt <= deps.clock.now() || !showsBlock(event, joinBlock))
    return { kind: 'found', event };
  const now = standingOf(event, joinBlock);
  const outcome = await putEvent(deps, at, now.kind === 'ended' ? now.write : null);
  return outcome.kind === 'gone' ? outcome : { kind: 'found', event: outcome.event };
}

/** An exception whose keyword is that of its series, which was put back as it was typed, is left alone like the series; else null. */
export async function leftAlone(deps: SyncDeps, at: Occasion): Promise<ArrangementRow | null> {
  const { guid, event } = at;
  const series = seriesRow(deps, at);
  const typed = typedIn(deps, event);
  if (series?.state !== 'undecorated' || typed === null) return null;
  const reading = await deps.graph.readEvent(guid, series.eventId);
  const isOfSeries = reading.kind === 'found' && typedIn(deps, reading.event) === typed;
  return isOfSeries ? await leaveAlone(deps, series, event) : null;
}

/** Lets the keyword of an exception be left alone like that of its series. */
export async function leaveAlone(
  deps: SyncDeps,
  series: ArrangementRow,
  exception: CalendarEvent,
): Promise<ArrangementRow> {
  const { id: eventId, seriesMasterId: seriesId } = exception;
  const own = { eventId, seriesId, endsAt: lastEndOf(exception), mails: 0 };
  const row: ArrangementRow = { ...series, ...NOTHING_MADE, ...own, state: 'undecorated' };
  await deps.store.writeTogether((w) => w.putArrangement(row));
  return row;
}

function seriesRow(deps: SyncDeps, { mailbox, event }: Occasion): ArrangementRow | null {
  const { type, seriesMasterId } = event;
  if (type !== 'exception' || seriesMasterId === null) return null;
  return deps.store.read((r) => r.arrangement(mailbox.id, seriesMasterId));
}

function typedIn(deps: SyncDeps, { locations }: CalendarEvent): string | null {
  const names = locations.map(({ displayName }) => displayName);
  return findKeyword(names, deps.settings.joinRules.keywords)?.typed ?? null;
}
