import { getDomain } from 'tldts';
import type { CalendarEvent } from './calendar-event.ts';
import { findJoinBlock } from './join-block/join-block.ts';
import { type JoinBlockSettings, ownTexts } from './join-block/join-details.ts';

/** Those of our addresses that stand in a text, the longest first. */
export type OwnAddresses = (text: string) => readonly string[];

/** Tells our addresses in the event's places by the join block in its body. */
export function ownAddresses(event: CalendarEvent, settings: JoinBlockSettings): OwnAddresses {
  const shown = blockAddresses(event, settings);
  // Without the block nobody can tell any more which address was ours: one of Webex counts as it.
  if (shown === null) return (text) => addressesIn(text).filter(isWebex);
  const ours = shown.toSorted((a, b) => b.length - a.length);
  return (text) => ours.filter((address) => addressPattern(address).test(text));
}

/** Links and video addresses of the join block, in lower case, but for those of the organisation's own texts; null when none stands. */
export function blockAddresses(
  { bodyType: contentType, body: content }: CalendarEvent,
  settings: JoinBlockSettings,
): string[] | null {
  const texts = ownTexts(settings);
  const block = findJoinBlock({ contentType, content }, texts);
  const others = new Set(texts.flatMap(addressesIn));
  return block === null ? null : addressesIn(block.text).filter((address) => !others.has(address));
}

/**
 * Finds a whole address, in any case, and not as a part of a longer one. A keyword has no neighbours that would make its answer one
 * (domain/keyword.ts).
 */
export function addressPattern(address: string): RegExp {
  const before = String.raw`(?<![\p{L}\p{M}\p{N}._%+@＠-])`;
  const after = String.raw`(?![\p{L}\p{M}\p{N}@＠.-]*[\p{L}\p{N}@＠])`;
  return new RegExp(before + RegExp.escape(address) + after, 'giu');
}

function addressesIn(text: string): string[] {
  return text.toLowerCase().match(/[^\s<>()[\]"';,]*(?::\/\/|@)[^\s<>()[\]"';,]+/gu) ?? [];
}

function isWebex(address: string): boolean {
  return (
    getDomain(address.includes('://') ? address : address.slice(address.indexOf('@') + 1)) === 'webex.com'
  );
}
