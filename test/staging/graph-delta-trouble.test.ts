import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { deltaPath, kinds, playRound } from './delta-client.ts';
import { at, book, MONDAYS, NOON, patch } from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let astrid: Person;

beforeEach(async () => {
  cloud = await startCloud();
  [astrid] = cloud.context.directory.people as [Person];
});
afterEach(async () => await cloud.stop());

test('continues with its tokens after a restart, also in the middle of a round', async (t) => {
  for (let n = 0; n < 4; n += 1) await book(cloud, astrid, { subject: `event ${n}` });
  const { link } = await playRound(cloud, deltaPath(astrid));
  const page = await cloud.call('GET', deltaPath(astrid), { headers: { prefer: 'odata.maxpagesize=3' } });
  await book(cloud, astrid, { subject: 'late' });
  await cloud.stop({ keepFiles: true });
  const second = await startCloud({ directory: cloud.directory });
  t.after(async () => await second.stop());
  const here = (url: string): string => url.replace(cloud.context.baseUrl, second.context.baseUrl);
  const rest = await playRound(second, here(page.json['@odata.nextLink'] ?? ''));
  assert.deepEqual(
    rest.rows.map(({ subject }) => subject),
    ['event 3'],
  );
  const later = await playRound(second, here(link));
  assert.deepEqual(
    later.rows.map(({ subject }) => subject),
    ['late'],
  );
});

test('forgets its state on request, at the start and in the middle of a round, and says where to begin anew', async () => {
  for (let n = 0; n < 3; n += 1) await book(cloud, astrid, NOON);
  const { link } = await playRound(cloud, deltaPath(astrid));
  await order({ kind: 'delta-gone', when: 'middle', times: 1 });
  assert.equal((await cloud.call('GET', link)).status, 200);
  const page = await cloud.call('GET', deltaPath(astrid), { headers: { prefer: 'odata.maxpagesize=2' } });
  const gone = await cloud.call('GET', page.json['@odata.nextLink'] ?? '');
  assert.deepEqual([gone.status, gone.json.error.code], [410, 'SyncStateNotFound']);
  const location = gone.headers.get('location') ?? '';
  assert.match(location, /[?&]%24deltatoken=$/);
  assert.equal((await playRound(cloud, location)).rows.length, 3);
  await order({ kind: 'delta-gone', when: 'start', code: 'SyncStateInvalid', times: 1 });
  const invalid = await cloud.call('GET', link);
  assert.deepEqual([invalid.status, invalid.json.error.code], [400, 'SyncStateInvalid']);
  assert.equal((await cloud.call('GET', link)).status, 200);
});

test('lets tokens die of which it does not know any more what changed since', async () => {
  const { link } = await playRound(cloud, deltaPath(astrid));
  const made = await book(cloud, astrid, {});
  const { changes } = (await import('../../src/staging/cloud/graph/graph-state.ts')).graphState(
    cloud.context,
  );
  cloud.context.disk.transaction(() => {
    for (let n = 0; n < 7_000; n += 1) changes.append(astrid.entraId, made.id, null);
  });
  const gone = await cloud.call('GET', link);
  assert.deepEqual([gone.status, gone.json.error.code], [410, 'SyncStateNotFound']);
});

test('shows empty pages, repeats rows and leaves masters out on request', async () => {
  await book(cloud, astrid, NOON);
  await book(cloud, astrid, MONDAYS);
  await book(cloud, astrid, NOON);
  await order({ kind: 'empty-page' });
  const empty = await playRound(cloud, deltaPath(astrid));
  assert.deepEqual(
    empty.pages.map(({ value }) => value.length),
    [0, 8],
  );
  await cloud.control('DELETE', 'misbehaviour');
  await order({ kind: 'replay-rows' });
  const replayed = await playRound(cloud, deltaPath(astrid), 1);
  assert.deepEqual(
    replayed.pages.map(({ value }) => value.length),
    [1, 7, 7, 1],
  );
  await cloud.control('DELETE', 'misbehaviour');
  await order({ kind: 'master-missing' });
  const orphaned = await playRound(cloud, deltaPath(astrid));
  assert.equal(kinds(orphaned).filter((kind) => kind === 'occurrence').length, 5);
  assert.ok(!kinds(orphaned).includes('seriesMaster'));
});

test('splits a series over pages on request without losing a row', async () => {
  await book(cloud, astrid, MONDAYS);
  await book(cloud, astrid, NOON);
  await order({ kind: 'split-series' });
  const round = await playRound(cloud, deltaPath(astrid), 4);
  assert.deepEqual(
    round.pages.map(({ value }) => value.length),
    [4, 3],
  );
  assert.equal(new Set(round.rows.map(({ id }) => id)).size, 7);
});

test("leaves what people's clients read alone unless they are named", async () => {
  await book(cloud, astrid, NOON);
  await order({ kind: 'empty-page' });
  const as = cloud.context.directory.outlook;
  assert.equal((await cloud.call('GET', deltaPath(astrid), { as })).json.value.length, 1);
});

test('leaves old occurrences of a series that was moved to another day unmentioned', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const before = await playRound(cloud, deltaPath(astrid));
  const recurrence = {
    pattern: { ...MONDAYS.recurrence.pattern, daysOfWeek: ['tuesday'] },
    range: { ...MONDAYS.recurrence.range, startDate: '2026-10-20' },
  };
  const start = { dateTime: '2026-10-20T10:00:00', timeZone: 'W. Europe Standard Time' };
  const end = { dateTime: '2026-10-20T11:00:00', timeZone: 'W. Europe Standard Time' };
  await patch(cloud, astrid, master, { recurrence, start, end });
  const after = await playRound(cloud, before.link);
  assert.deepEqual(kinds(after).slice(0, 2), ['seriesMaster', 'occurrence']);
  const old = new Set(before.rows.slice(1).map(({ id }) => id));
  assert.ok(after.rows.every(({ id }) => !old.has(id)));
  assert.equal((await cloud.call('GET', at(astrid, before.rows[1] ?? master))).status, 404);
});

async function order(misbehaviour: object): Promise<void> {
  assert.equal((await cloud.control('POST', 'misbehaviour', misbehaviour)).status, 201);
}
