import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { deltaPath, kinds, playRound } from './delta-client.ts';
import { at, book, instance, MONDAYS, NOON, patch, utc } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let people: readonly Person[];
/** Each test has a calendar of its own. */
let owner: Person;
let next = 0;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  people = cloud.context.directory.people;
});
beforeEach(() => {
  owner = people[next] as Person;
  next += 1;
});
after(async () => await cloud.stop());

const THIN = ['@odata.etag', '@odata.type', 'end', 'id', 'seriesMasterId', 'start', 'type'];
const SPRING = { start: utc('2027-04-01T12:00:00'), end: utc('2027-04-01T13:00:00') };

test('gives all in the window first: whole events, and occurrences with hardly more than their times', async () => {
  await book(cloud, owner, SPRING);
  const single = await book(cloud, owner, { subject: 'Single' });
  const master = await book(cloud, owner, MONDAYS);
  await patch(cloud, owner, await instance(cloud, owner, master, 1), { subject: 'Special' });
  const round = await playRound(cloud, deltaPath(owner));
  assert.deepEqual(kinds(round), [
    'singleInstance',
    'seriesMaster',
    'occurrence',
    'exception',
    'occurrence',
    'occurrence',
    'occurrence',
  ]);
  assert.deepEqual(
    [round.rows[0]?.id, round.rows[0]?.subject, round.rows[3]?.subject],
    [single.id, 'Single', 'Special'],
  );
  assert.deepEqual(Object.keys(round.rows[2] ?? {}).toSorted(), THIN);
  assert.match(round.rows[0]?.['@odata.etag'] ?? '', /^W\/"DwAAABYAAA/);
  const master2 = await playRound(cloud, round.link);
  assert.deepEqual(master2.rows, []);
});

test('tells later what was made, changed, deleted and what left the window; the window stays', async () => {
  const [kept, moved, gone] = [
    await book(cloud, owner, { subject: 'kept' }),
    await book(cloud, owner, { subject: 'moved' }),
    await book(cloud, owner, { subject: 'gone' }),
  ];
  const outside = await book(cloud, owner, { subject: 'outside', ...SPRING });
  const { link } = await playRound(cloud, deltaPath(owner));
  const made = await book(cloud, owner, { subject: 'made' });
  await patch(cloud, owner, kept, { subject: 'kept, changed' });
  await patch(cloud, owner, moved, SPRING);
  await cloud.call('DELETE', at(owner, gone));
  await patch(cloud, owner, outside, { subject: 'still outside' });
  await cloud.call('DELETE', at(owner, outside));
  const round = await playRound(cloud, link);
  const told = new Map(round.rows.map((row) => [row.id, row['@removed']?.reason ?? row.subject]));
  assert.deepEqual(
    told,
    new Map([
      [made.id, 'made'],
      [kept.id, 'kept, changed'],
      [moved.id, 'deleted'],
      [gone.id, 'deleted'],
    ]),
  );
});

test('repeats a round whose link is called again, and reports each event once', async () => {
  const { link } = await playRound(cloud, deltaPath(owner));
  const made = await book(cloud, owner, {});
  await patch(cloud, owner, made, { subject: 'twice changed' });
  const [first, again] = [await playRound(cloud, link), await playRound(cloud, link)];
  assert.deepEqual(
    first.rows.map(({ subject }) => subject),
    ['twice changed'],
  );
  assert.deepEqual(again.rows, first.rows);
});

test('does not report a deleted occurrence as removed, but gives its series anew', async () => {
  const master = await book(cloud, owner, MONDAYS);
  const { link } = await playRound(cloud, deltaPath(owner));
  const second = await instance(cloud, owner, master, 1);
  await cloud.call('DELETE', at(owner, second));
  const round = await playRound(cloud, link);
  assert.deepEqual(kinds(round), ['seriesMaster', 'occurrence', 'occurrence', 'occurrence', 'occurrence']);
  assert.ok(round.rows.every(({ id }) => id !== second.id));
  await cloud.control('POST', 'misbehaviour', { kind: 'report-removed', mailbox: owner.address });
  const reported = await playRound(cloud, link);
  assert.deepEqual(reported.rows.at(-1), {
    '@odata.type': '#microsoft.graph.event',
    id: second.id,
    '@removed': { reason: 'deleted' },
  });
  await cloud.call('DELETE', at(owner, master));
  const last = await playRound(cloud, reported.link);
  assert.deepEqual(
    last.rows.map(({ id }) => id),
    [master.id],
  );
  assert.deepEqual(kinds(last), ['removed']);
});

test('reports an exception that was moved out of the window as removed', async () => {
  const master = await book(cloud, owner, MONDAYS);
  const window = 'startDateTime=2026-10-19T00:00:00Z&endDateTime=2026-10-27T00:00:00Z';
  const { link } = await playRound(cloud, deltaPath(owner, window));
  const second = await instance(cloud, owner, master, 1);
  await patch(cloud, owner, second, { start: utc('2026-10-29T09:00:00'), end: utc('2026-10-29T10:00:00') });
  const round = await playRound(cloud, link);
  assert.deepEqual(kinds(round), ['seriesMaster', 'occurrence', 'removed']);
  assert.equal(round.rows[2]?.id, second.id);
});

test('pages by the preferred size, keeps a series together and may end with an empty page', async () => {
  for (let n = 0; n < 4; n += 1) await book(cloud, owner, NOON);
  const first = await playRound(cloud, deltaPath(owner), 2);
  assert.deepEqual(
    first.pages.map(({ value }) => value.length),
    [2, 2, 0],
  );
  await book(cloud, owner, MONDAYS);
  await book(cloud, owner, NOON);
  const second = await playRound(cloud, first.link, 3);
  assert.deepEqual(
    second.pages.map(({ value }) => value.length),
    [6, 1],
  );
  const applied = await cloud.call('GET', second.link, { headers: { prefer: 'odata.maxpagesize=7' } });
  assert.equal(applied.headers.get('preference-applied'), 'odata.maxpagesize=7');
});

test('lets a change during a round come in the next one', async () => {
  for (let n = 0; n < 5; n += 1) await book(cloud, owner, { subject: `event ${n}` });
  const headers = { prefer: 'odata.maxpagesize=2' };
  const page = await cloud.call('GET', deltaPath(owner), { headers });
  const [first] = page.json.value;
  await cloud.call('DELETE', at(owner, first ?? { id: '' }));
  const rest = await playRound(cloud, page.json['@odata.nextLink'] ?? '', 2);
  assert.deepEqual(
    rest.rows.map(({ subject }) => subject),
    ['event 2', 'event 3', 'event 4'],
  );
  const last = await playRound(cloud, rest.link);
  assert.deepEqual([kinds(last), last.rows[0]?.id], [['removed'], first?.id]);
});

test('refuses options, windows that lack, and tokens that are not of this mailbox', async () => {
  owner = people[0] as Person;
  const refused = async (path: string): Promise<[number, string]> => {
    const { status, json } = await cloud.call('GET', path);
    return [status, json.error?.code];
  };
  for (const option of ['$select=subject', '$expand=x', '$filter=x', '$orderby=x', '$top=5', '$search=x'])
    assert.deepEqual(await refused(`${deltaPath(owner)}&${option}`), [400, 'ErrorInvalidUrlQuery'], option);
  const base = deltaPath(owner, '');
  assert.deepEqual(await refused(base), [400, 'ErrorInvalidParameter']);
  assert.deepEqual(await refused(`${base}startDateTime=2026-01-01&endDateTime=2031-01-02`), [
    400,
    'ErrorInvalidRequest',
  ]);
  const { link } = await playRound(cloud, deltaPath(owner));
  assert.deepEqual(await refused(`${base}$deltatoken=garbage`), [400, 'SyncStateInvalid']);
  const foreign = link.replace(owner.entraId, people[1]?.entraId ?? '');
  assert.deepEqual(await refused(foreign), [400, 'SyncStateInvalid']);
});
