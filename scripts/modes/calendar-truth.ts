import type { Account } from '../../test/system/installation.ts';
import type { Violation } from '../crash/judge.ts';
import type { Sight } from '../crash/meetings-list.ts';
import type { Json } from '../crash/steadfast-outlook.ts';
import type { SteeredInstallation } from './steered-installation.ts';

const LINK =
  /https:\/\/(?:zoom\.us\/j\/|meet\.google\.com\/|nordwind\.webex\.com\/(?:meet\/|nordwind\/j\.php\?MTID=))[a-z0-9.-]+/;
const KEYWORD = /@(?:webex|meet)/;
const SELECTED = 'id,subject,start,location,body,sensitivity,isCancelled,isOrganizer,responseStatus';

/** What a calendar holds in the end, and so what the meetings list must show. */
export interface Truth {
  readonly expected: readonly Sight[];
  readonly violations: readonly Violation[];
}

/** Reads a calendar as its owner's client does: series as their occurrences. `from` and `to` are instants (epoch ms). */
export async function calendarTruth(
  day: SteeredInstallation,
  account: Account,
  window: { readonly from: number; readonly to: number },
): Promise<Truth> {
  const events = await eventsIn(day, account, window);
  const isRoom = day.installation.facts.rooms.some(({ address }) => address === account.address);
  const standing = events.filter(
    ({ isCancelled, responseStatus }) => !isCancelled && responseStatus.response !== 'declined',
  );
  return {
    expected: standing.map((event) => sightOf(event, isRoom)),
    violations: standing
      .filter(({ isOrganizer, location }) => isOrganizer && KEYWORD.test(location.displayName))
      .map(({ subject, start }) => ({
        rule: 'lost',
        what: 'a keyword was never answered',
        facts: { mailbox: account.address, subject, start },
      })),
  };
}

async function eventsIn(
  day: SteeredInstallation,
  account: Account,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Json[]> {
  const window = `startDateTime=${new Date(from).toISOString()}&endDateTime=${new Date(to).toISOString()}`;
  const events: Json[] = [];
  for (let skip = 0; ; skip += 500) {
    const query = `${window}&$top=500&$skip=${skip}&$select=${SELECTED}`;
    const answer = await day.graph('GET', `/users/${account.entraId}/calendarView?${query}`);
    if (answer.status !== 200) throw new Error(`the calendar was not read: ${answer.status} ${answer.text}`);
    events.push(...answer.json.value);
    if (answer.json['@odata.nextLink'] === undefined) return events;
  }
}

// A link in the location goes before one in the body, and rooms show no subject of what is private, as for the product.
function sightOf({ subject, start, location, body, sensitivity }: Json, isRoom: boolean): Sight {
  const link = LINK.exec(location.displayName) ?? LINK.exec(body.content);
  return {
    subject: isRoom && sensitivity === 'private' ? null : subject,
    start: new Date(`${start.dateTime.slice(0, 19)}Z`).toISOString(),
    joinUrl: link?.[0] ?? null,
  };
}
