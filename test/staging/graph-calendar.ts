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

export function events(owner: Pick<Person, 'entraId'>): string {
  return `/users/${owner.entraId}/events`;
}

export function at(owner: Pick<Person, 'entraId'>, { id }: { readonly id: string }): string {
  return `${events(owner)}/${encodeURIComponent(id)}`;
}

export async function book(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
  members: object,
): Promise<AnswerBody> {
  const body = { subject: 'Meeting', ...NOON, ...members };
  const answer = await cloud.call('POST', events(owner), { body, as: cloud.context.directory.outlook });
  assert.equal(answer.status, 201, JSON.stringify(answer.json.error));
  return answer.json;
}

export async function patch(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
  event: { readonly id: string },
  body: object,
): Promise<AnswerBody> {
  const answer = await cloud.call('PATCH', at(owner, event), { body });
  assert.equal(answer.status, 200, JSON.stringify(answer.json.error));
  return answer.json;
}

export async function read(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
  event: { readonly id: string },
): Promise<AnswerBody> {
  return (await cloud.call('GET', at(owner, event))).json;
}

export async function copyOf(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
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

/** Five Mondays at ten in Berlin, from 19 October 2026: the clocks go back before the second. */
export const MONDAYS = {
  subject: 'Weekly',
  start: { dateTime: '2026-10-19T10:00:00', timeZone: 'W. Europe Standard Time' },
  end: { dateTime: '2026-10-19T11:00:00', timeZone: 'W. Europe Standard Time' },
  recurrence: {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
    range: { type: 'numbered', startDate: '2026-10-19', numberOfOccurrences: 5 },
  },
};

export const AUTUMN = 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z';

/** The instances of a series in autumn 2026, or in the window of the query. */
export async function instances(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
  master: { readonly id: string },
  query = AUTUMN,
): Promise<readonly AnswerBody[]> {
  const answer = await cloud.call('GET', `${at(owner, master)}/instances?$top=100&${query}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.json.error));
  return answer.json.value;
}

/** The n-th instance of a series, from 0. */
export async function instance(
  cloud: SimulatedCloud,
  owner: Pick<Person, 'entraId'>,
  master: { readonly id: string },
  n: number,
): Promise<AnswerBody> {
  const found = (await instances(cloud, owner, master))[n];
  assert.ok(found);
  return found;
}

/** Days and hours of the starts, `10-19T08`. */
export function starts(events: readonly AnswerBody[]): string[] {
  return events.map(({ start }) => start.dateTime.slice(5, 13));
}
