import assert from 'node:assert/strict';
import type { Person } from '../../src/staging/cloud/directory.ts';
import type { HeldMeeting } from '../../src/staging/cloud/webex/meetings/held-meeting.ts';
import { at, instances } from '../staging/graph-calendar.ts';
import type { AnswerBody } from '../staging/simulated-cloud.ts';
import type { ConnectedRig } from './connected-rig.ts';

const QUARTER_MS = 90 * 86_400_000;

/** All meetings that Webex holds now. */
export async function meetings(rig: ConnectedRig): Promise<readonly HeldMeeting[]> {
  const { json } = await rig.cloud.control('GET', '/webex/meetings');
  return Reflect.get(json, 'meetings');
}

/** When the occurrences of a meeting begin by Webex’ own list, in UTC; at most a hundred of them. */
export async function occurrencesAtWebex(
  rig: ConnectedRig,
  { id, hostUserId }: HeldMeeting,
  from: string,
  to: string,
): Promise<string[]> {
  const { baseUrl, directory } = rig.cloud.context;
  const query = new URLSearchParams({ meetingType: 'scheduledMeeting', meetingSeriesId: id, from, to });
  const host = directory.people.find(({ webexUserId }) => webexUserId === hostUserId);
  if (host !== undefined) query.set('hostEmail', host.address);
  const headers = { authorization: `Bearer ${directory.serviceApp.token}` };
  const { json } = await rig.cloud.call('GET', `${baseUrl}/v1/meetings?${query}`, { headers });
  const items: readonly { readonly start: string }[] = Reflect.get(json, 'items');
  return items.map(({ start }) => start.slice(0, 19));
}

export function linkOf({ linkId }: HeldMeeting): string {
  return `https://nordwind.webex.com/nordwind/j.php?MTID=${linkId}`;
}

/** What people do in their calendars; as them, not as the appliance. */
export async function change(
  rig: ConnectedRig,
  owner: Person,
  event: { readonly id: string },
  body: object,
): Promise<AnswerBody> {
  const as = rig.cloud.context.directory.outlook;
  const answer = await rig.cloud.call('PATCH', at(owner, event), { body, as });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

export async function remove(
  rig: ConnectedRig,
  owner: Person,
  event: { readonly id: string },
): Promise<void> {
  const as = rig.cloud.context.directory.outlook;
  const answer = await rig.cloud.call('DELETE', at(owner, event), { as });
  assert.equal(answer.status, 204, answer.text);
}

export async function now(
  rig: ConnectedRig,
  owner: Person,
  event: { readonly id: string },
): Promise<AnswerBody> {
  return (await rig.cloud.call('GET', at(owner, event))).json;
}

/** The n-th occurrence of a series from now on, from 0. */
export async function occurrenceOf(
  rig: ConnectedRig,
  owner: Person,
  series: { readonly id: string },
  n: number,
): Promise<AnswerBody> {
  const present = rig.cloud.context.clock.now();
  const [from, to] = [present, present + QUARTER_MS].map((ms) => new Date(ms).toISOString());
  const found = await instances(rig.cloud, owner, series, `startDateTime=${from}&endDateTime=${to}`);
  const one = found.toSorted((a, b) => (a.start.dateTime < b.start.dateTime ? -1 : 1))[n];
  assert.ok(one);
  return one;
}

/** Codes of the decisions about an event so far. */
export async function codes(
  rig: ConnectedRig,
  owner: Person,
  event: { readonly id: string },
): Promise<readonly string[]> {
  const { id } = await rig.mailbox(owner);
  return rig.deps.store.read((r) => r.traces(id, event.id)).map(({ code }) => code);
}

/** How many writes of the appliance have taken effect in calendars. */
export async function ownWrites(rig: ConnectedRig): Promise<number> {
  const { json } = await rig.cloud.control('GET', 'writes');
  return Object.values(json).filter((write) => Reflect.get(Object(write), 'app') === 'appliance').length;
}
