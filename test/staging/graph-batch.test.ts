import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { at, book, events, NOON, read } from './graph-calendar.ts';
import { type AnswerBody, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

interface Member {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
}

let cloud: SimulatedCloud;
let people: readonly Person[];
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  people = cloud.context.directory.people;
  [astrid] = people as [Person];
});
afterEach(async () => await cloud.control('DELETE', 'misbehaviour'));
after(async () => await cloud.stop());

test('asks many mailboxes one question and answers each with its own status, in an order of its own', async () => {
  const requests = [
    ...people.map((who, n) => get(String(n), `/users/${who.entraId}/mailboxSettings?$select=language`)),
    get('nobody', '/users/nobody/mailboxSettings'),
  ];
  const answers = await batch(requests);
  assert.equal(answers.length, requests.length);
  assert.notDeepEqual(
    answers.map(({ id }) => id),
    requests.map(({ id }) => id),
  );
  for (const [n, { locale }] of people.entries())
    assert.equal(member(answers, String(n)).body?.language.locale, locale);
  const nobody = member(answers, 'nobody');
  assert.deepEqual([nobody.status, nobody.body?.error.code], [404, 'MailboxNotSupportedForRESTAPI']);
  assert.match(nobody.headers['Content-Type'] ?? '', /^application\/json/);
});

test('writes with headers and bodies of their own, one behind the other', async () => {
  const first = await book(cloud, astrid, { subject: 'first' });
  const path = at(astrid, first);
  const headers = { 'Content-Type': 'application/json', 'If-Match': first['@odata.etag'] };
  const answers = await batch([
    { id: 'a', method: 'PATCH', url: path, headers, body: { subject: 'changed' } },
    {
      id: 'b',
      method: 'GET',
      url: path,
      headers: { Prefer: 'outlook.timezone="Asia/Tokyo"' },
      dependsOn: ['a'],
    },
    { id: 'c', method: 'PATCH', url: path, headers, body: { subject: 'stale' }, dependsOn: ['b'] },
    { id: 'd', method: 'DELETE', url: path, dependsOn: ['c'] },
  ]);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((id) => member(answers, id).status),
    [200, 200, 412, 424],
  );
  const second = member(answers, 'b');
  assert.deepEqual([second.body?.subject, second.body?.start.timeZone], ['changed', 'Asia/Tokyo']);
  assert.equal(second.headers['Preference-Applied'], 'outlook.timezone="Asia/Tokyo"');
  assert.equal((await read(cloud, astrid, first)).subject, 'changed');
  assert.equal(member(await batch([{ id: '1', method: 'DELETE', url: path }]), '1').body, undefined);
});

test('counts members that run side by side against the limit of their mailbox', async () => {
  const requests = Array.from({ length: 20 }, (_, n) => get(String(n), events(astrid)));
  const answers = await batch(requests);
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 16);
  assert.ok(
    refused.every(
      ({ headers, body }) => headers['Retry-After'] === '1' && body?.error.code === 'ApplicationThrottled',
    ),
  );
  const chained = requests.map((one, n) => (n === 0 ? one : { ...one, dependsOn: [String(n - 1)] }));
  assert.ok((await batch(chained)).every(({ status }) => status === 200));
});

test('is throttled as a whole or by its members, and gives other bodies than JSON in base64', async () => {
  const requests = people.slice(0, 3).map((who, n) => get(String(n), events(who)));
  await cloud.control('POST', 'misbehaviour', {
    kind: 'throttle',
    mailbox: people[1]?.address,
    retryAfter: 2.128,
  });
  const throttled = await batch(requests);
  assert.deepEqual(throttled.map(({ id, status }) => [id, status]).toSorted(), [
    ['0', 200],
    ['1', 429],
    ['2', 200],
  ]);
  assert.equal(member(throttled, '1').headers['Retry-After'], '2.128');
  await cloud.control('DELETE', 'misbehaviour');
  await cloud.control('POST', 'misbehaviour', {
    kind: 'server-error',
    body: 'html',
    path: '/events',
    times: 1,
  });
  const [broken] = (await batch(requests)).filter(({ status }) => status === 503);
  assert.match(Buffer.from(String(broken?.body), 'base64').toString(), /^<!DOCTYPE html>/);
  await cloud.control('POST', 'misbehaviour', {
    kind: 'throttle',
    path: '/\\$batch$',
    scope: 'app',
    retryAfter: 'absent',
    times: 1,
  });
  assert.equal((await cloud.call('POST', '/$batch', { body: { requests } })).status, 429);
});

test('refuses malformed batches as a whole', async () => {
  const good = get('1', events(astrid));
  const cases: readonly object[][] = [
    Array.from({ length: 21 }, (_, n) => get(String(n), events(astrid))),
    [],
    [good, good],
    [{ id: '1', method: 'GET' }],
    [{ ...good, url: `${cloud.context.baseUrl}/v1.0/users` }],
    [{ ...good, url: `/v1.0${events(astrid)}` }],
    [{ id: '1', method: 'POST', url: '/$batch', headers: { 'Content-Type': 'application/json' }, body: {} }],
    [{ id: '1', method: 'POST', url: events(astrid), body: NOON }],
    [{ ...good, dependsOn: ['2'] }, get('2', events(astrid))],
    [
      good,
      { ...get('2', events(astrid)), dependsOn: ['1'] },
      { ...get('3', events(astrid)), dependsOn: ['1', '2'] },
    ],
    [{ ...good, headers: 'none' }],
  ];
  for (const requests of cases) {
    const { status, json } = await cloud.call('POST', '/$batch', { body: { requests } });
    assert.deepEqual([status, json.error.code], [400, 'BadRequest'], JSON.stringify(requests).slice(0, 300));
  }
});

test('runs all behind the same one, which a failure of it spares', async () => {
  const requests = ['2', '3'].map((id) => ({ ...get(id, events(astrid)), dependsOn: ['1'] }));
  const good = await batch([get('1', events(astrid)), ...requests]);
  assert.ok(good.every(({ status }) => status === 200));
  const failed = await batch([get('1', `${events(astrid)}/unknown`), ...requests]);
  assert.deepEqual(failed.map(({ status }) => status).toSorted(), [404, 424, 424]);
  assert.equal(member(failed, '2').body?.error.code, 'FailedDependency');
});

function get(
  id: string,
  url: string,
): { readonly id: string; readonly method: string; readonly url: string } {
  return { id, method: 'GET', url };
}

async function batch(requests: readonly object[]): Promise<readonly Member[]> {
  const { status, text } = await cloud.call('POST', '/$batch', { body: { requests } });
  assert.equal(status, 200, text);
  return JSON.parse(text).responses;
}

function member(answers: readonly Member[], id: string): Member {
  const found = answers.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}
