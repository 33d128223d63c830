import type { CalendarEvent, EventLocation } from './calendar-event.ts';
import type { JoinBlockSettings, JoinDetails } from './join-block/join-details.ts';
import type { KeywordHit } from './keyword.ts';
import { addressPattern, blockAddresses } from './own-address.ts';

/**
 * The event's places as Graph takes them, with the meeting's address in place of the keyword. They say it once: an address that
 * answered an earlier keyword, known by its join block, goes with the keyword that was typed beside it, and so does the answer itself
 * where it stood already.
 */
export function answeredPlaces(
  event: CalendarEvent,
  keyword: Pick<KeywordHit, 'locationIndex' | 'start' | 'end'>,
  { link, videoAddress }: JoinDetails,
  settings: JoinBlockSettings,
): EventLocation['raw'][] {
  const said = [...(blockAddresses(event, settings) ?? []), link, videoAddress].filter((one) => one !== null);
  const answer = link ?? videoAddress ?? '';
  return event.locations.flatMap((location, index) => {
    const name = location.displayName;
    const isAnswered = index === keyword.locationIndex;
    const around = isAnswered ? [name.slice(0, keyword.start), name.slice(keyword.end)] : [name];
    return placed(location, joined(around, answer, said), said);
  });
}

function joined(parts: readonly string[], answer: string, said: readonly string[]): string {
  const left = parts.map((text) => said.reduce((rest, one) => rest.replace(withSeparators(one), ''), text));
  const text = left.join(answer);
  return text === parts.join(answer) ? text : trimmed(text);
}

/** Nothing where nothing is left; what held nothing of this stays untouched. */
function placed(
  { displayName: before, uri, raw }: EventLocation,
  displayName: string,
  said: readonly string[],
): EventLocation['raw'][] {
  const isSaid = uri !== null && said.some((address) => addressPattern(address).test(uri));
  if (displayName === before && !isSaid) return [raw];
  return displayName === '' ? [] : [{ ...raw, displayName, ...(isSaid ? { locationUri: '' } : {}) }];
}

function withSeparators(address: string): RegExp {
  const { source, flags } = addressPattern(address);
  return new RegExp(String.raw`[\s,;|]*${source}`, flags);
}

function trimmed(text: string): string {
  return text.replace(/^[\s,;|]+|[\s,;|]+$/g, '');
}
