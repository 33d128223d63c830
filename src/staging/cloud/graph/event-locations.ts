import type { EventInput } from './event-input.ts';
import type { GraphEvent, Location } from './graph-event.ts';

type LocationInput = EventInput['location'];

/** `location` and `locations` mirror each other; `locations` wins when both are written. */
export function writtenLocations(input: EventInput): Pick<GraphEvent, 'location' | 'locations'> | object {
  const { location, locations } = input;
  if (locations !== undefined) return mirror(locations.map(normalLocation));
  return location === undefined ? {} : mirror([normalLocation(location)]);
}

function mirror(given: readonly Location[]): Pick<GraphEvent, 'location' | 'locations'> {
  const locations = given.filter(({ displayName }) => displayName !== '');
  const [first, second] = locations;
  if (first === undefined) return { location: { displayName: '', locationType: 'default' }, locations };
  if (second === undefined) return { location: first, locations };
  const displayName = locations.map((one) => one.displayName).join('; ');
  const joined = { displayName, locationType: 'default', uniqueId: displayName, uniqueIdType: 'private' };
  return { location: joined, locations };
}

function normalLocation(given: LocationInput): Location {
  const displayName = given?.displayName ?? '';
  if (displayName === '') return { displayName: '', locationType: 'default' };
  return {
    ...given,
    displayName,
    locationType: given?.locationType ?? 'default',
    uniqueId: given?.uniqueId ?? displayName,
    uniqueIdType: given?.uniqueIdType ?? 'private',
  };
}
