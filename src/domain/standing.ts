import type { CalendarEvent, EventLocation } from './calendar-event.ts';
import { findJoinBlock, withoutJoinBlock } from './join-block/join-block.ts';
import { type JoinBlockSettings, ownTexts } from './join-block/join-details.ts';
import type { KeywordHit } from './keyword.ts';
import { type Mark, NO_MARK } from './mark.ts';
import { addressPattern, type OwnAddresses, ownAddresses } from './own-address.ts';
import type { EventWrite } from './ports.ts';

/** What becomes of an arrangement whose event has no keyword any more. */
export type Standing =
  /** Our address stands in a location. Whether the block stands too is the owner's matter: it is not put back. */
  | { readonly kind: 'stands' }
  /** Our address is gone from every location: the arrangement ends, and the block goes with it where it still stands. */
  | { readonly kind: 'ended'; readonly write: EventWrite | null };

/** Decides about an arrangement that was written into this event before. */
export function standingOf(event: CalendarEvent, settings: JoinBlockSettings): Standing {
  if (event.isCancelled) return { kind: 'ended', write: null };
  const own = ownAddresses(event, settings);
  if (event.locations.some((location) => textsOf(location).some((text) => own(text).length > 0)))
    return { kind: 'stands' };
  const body = withoutJoinBlock(bodyOf(event), ownTexts(settings));
  return { kind: 'ended', write: body === null ? null : { body, mark: NO_MARK } };
}

/**
 * The event without anything of ours: the keyword stands as it was typed where our address is, or nothing where nothing was typed,
 * and the block is gone.
 */
export function bareEvent(
  event: CalendarEvent,
  { typed }: Pick<Mark, 'typed'>,
  settings: JoinBlockSettings,
): CalendarEvent {
  const own = ownAddresses(event, settings);
  const body = withoutJoinBlock(bodyOf(event), ownTexts(settings));
  const locations = event.locations.map((location) => bareLocation(location, own, typed));
  return { ...event, locations, body: body?.content ?? event.body };
}

/**
 * Whether our address, with its block, stands left of this keyword: what stands in the place of the first keyword goes on counting
 * as the first. Without the block the keyword was typed anew.
 */
export function isFurtherKeyword(
  event: CalendarEvent,
  { locationIndex, start }: Pick<KeywordHit, 'locationIndex' | 'start'>,
  settings: JoinBlockSettings,
): boolean {
  if (!showsBlock(event, settings)) return false;
  const own = ownAddresses(event, settings);
  const before = event.locations.slice(0, locationIndex).flatMap(textsOf);
  const beside = event.locations[locationIndex]?.displayName.slice(0, start) ?? '';
  return [...before, beside].some((text) => own(text).length > 0);
}

/** Whether a join block of ours stands in the event. */
export function showsBlock(event: CalendarEvent, settings: JoinBlockSettings): boolean {
  return findJoinBlock(bodyOf(event), ownTexts(settings)) !== null;
}

/** The write that leaves nothing of ours in the invitation; null when nothing is in it. */
export function undecorate(
  event: CalendarEvent,
  mark: Pick<Mark, 'typed'>,
  settings: JoinBlockSettings,
): EventWrite | null {
  const bare = bareEvent(event, mark, settings);
  const changed = bare.locations.some((location, index) => location !== event.locations[index]);
  if (!changed && bare.body === event.body) return null;
  const body = bare.body === event.body ? {} : { body: { contentType: event.bodyType, content: bare.body } };
  return { locations: bare.locations.map(({ raw }) => raw), mark: NO_MARK, ...body };
}

function bareLocation(location: EventLocation, own: OwnAddresses, typed: string): EventLocation {
  const [address] = own(location.displayName);
  const isOwnUri = location.uri !== null && own(location.uri).length > 0;
  if (address === undefined && !isOwnUri) return location;
  const displayName =
    address === undefined ? location.displayName : put(typed, address, location.displayName);
  const raw = { ...location.raw, displayName, ...(isOwnUri ? { locationUri: '' } : {}) };
  return { displayName, uri: isOwnUri ? null : location.uri, raw };
}

function put(typed: string, address: string, text: string): string {
  // The text goes in as it is: a "$&" in it means nothing.
  const changed = text.replace(addressPattern(address), () => typed);
  return typed === '' ? changed.replace(/^[\s,;|]+|[\s,;|]+$/g, '') : changed;
}

function textsOf({ displayName, uri }: EventLocation): string[] {
  return [displayName, uri ?? ''];
}

function bodyOf({ bodyType, body }: CalendarEvent) {
  return { contentType: bodyType, content: body };
}
