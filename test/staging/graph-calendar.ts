import assert from 'node:assert/strict';
import type { Person } from '../../src/staging/cloud/directory.ts';
import type { Attendee } from '../../src/staging/cloud/graph/graph-event.ts';
import type { AnswerBody, SimulatedCloud } from './simulated-cloud.ts';

export const NOON = { start: utc('2026-12-02T12:00:00'), end: utc('2026-12-02T13:00:00') };

export function utc(dateTime: string): { dateTime: string; timeZone: string } {
  return { dateTime, timeZone: 'UTC' };
}

export function guest(address: string): Pick<Attendee, 'type'> & { emailAddress: { address: string } } {
  return { type: 'required', emailAddress: { address } };
}

export function events(owner: Person): string {
  return `/users/${owner.entraId}/events`;
}

export function at(owner: Person, { id }: { readonly id: string }): string {
  return `${events(owner)}/${encodeURIComponent(id)}`;
}

export async function book(cloud: SimulatedCloud, owner: Person, members: object): Promise<AnswerBody> {
  const body = { subject: 'Meeting', ...NOON, ...members };
  const answer = await cloud.call('POST', events(owner), { body, as: cloud.context.directory.outlook });
  assert.equal(answer.status, 201, JSON.stringify(answer.json.error));
  return answer.json;
}

export async function patch(
  cloud: SimulatedCloud,
  owner: Person,
  event: { readonly id: string },
  body: object,
): Promise<AnswerBody> {
  const answer = await cloud.call('PATCH', at(owner, event), { body });
  assert.equal(answer.status, 200, JSON.stringify(answer.json.error));
  return answer.json;
}

export async function read(
  cloud: SimulatedCloud,
  owner: Person,
  event: { readonly id: string },
): Promise<AnswerBody> {
  return (await cloud.call('GET', at(owner, event))).json;
}

export async function copyOf(
  cloud: SimulatedCloud,
  owner: Person,
  { iCalUId }: AnswerBody,
): Promise<AnswerBody> {
  const { json } = await cloud.call('GET', `${events(owner)}?$top=1000`);
  const copy = json.value.find((one) => one.iCalUId === iCalUId);
  assert.ok(copy);
  return copy;
}

export function statuses({ attendees }: AnswerBody): string[] {
  return attendees.map(({ status }) => status.response);
}
