import assert from 'node:assert/strict';
import type { Person } from '../../src/staging/cloud/directory.ts';
import type { HeldMeeting } from '../../src/staging/cloud/webex/meetings/held-meeting.ts';
import { at } from '../staging/graph-calendar.ts';
import type { AnswerBody } from '../staging/simulated-cloud.ts';
import type { ConnectedRig } from './connected-rig.ts';

/** All meetings that Webex holds now. */
export async function meetings(rig: ConnectedRig): Promise<readonly HeldMeeting[]> {
  const { json } = await rig.cloud.control('GET', '/webex/meetings');
  return Reflect.get(json, 'meetings');
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

/** Codes of the decisions about an event so far. */
export async function codes(
  rig: ConnectedRig,
  owner: Person,
  event: { readonly id: string },
): Promise<readonly string[]> {
  const { id } = await rig.mailbox(owner);
  return rig.deps.store.read((r) => r.traces(id, event.id)).map(({ code }) => code);
}
