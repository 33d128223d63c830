import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { type Answer, RunningCloud } from './running-cloud.ts';

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const tell = async (body: object, as = cloud.context.directory.serviceApp.token): Promise<Answer> =>
  await cloud.call('PUT', `/calendar/ingest/v1/users/${astrid?.webexUserId}/presence`, { as, body });
const read = async (): Promise<{ status: string; expiresTTL: number; expiresTime?: string }> => {
  const path = `/apheleia/api/v1/compositions?userId=${astrid?.webexUserId}`;
  return (await cloud.call('GET', path, { as: bruno?.webexToken ?? '' })).json;
};
const at = (ms: number) => new Date(cloud.context.clock.now() + ms).toISOString();

test('out of office is taken by version and read by everybody in the organisation', async () => {
  assert.equal((await read()).status, 'active');
  const expiresTime = at(3_600_000);
  assert.equal((await tell({ version: 5, eventType: 'ooo', expiresTime })).status, 200);
  const told = await read();
  assert.deepEqual([told.status, told.expiresTime], ['ooo', expiresTime]);
  assert.ok(told.expiresTTL > 3_500 && told.expiresTTL <= 3_600);
  const older = await tell({ version: 5, eventType: 'active' });
  assert.deepEqual([older.status, older.json], [409, { outcome: 'fenced', version: 5 }]);
  assert.equal((await read()).status, 'ooo');
  const path = `/v1/people?email=${astrid?.address}`;
  const people = await cloud.call('GET', path, { as: bruno?.webexToken ?? '' });
  assert.equal(people.json.items[0].status, 'OutOfOffice');
});

test('it lapses at its end by itself, and is cleared before', async () => {
  await tell({ version: 6, eventType: 'ooo', expiresTime: at(60_000) });
  await cloud.call('POST', '/control/clock', { body: { jumpMs: 61_000 } });
  assert.equal((await read()).status, 'active');
  await tell({ version: 7, eventType: 'ooo' });
  const forever = await read();
  assert.deepEqual([forever.status, forever.expiresTTL], ['ooo', -1]);
  await tell({ version: 8, eventType: 'active' });
  assert.equal((await read()).status, 'active');
});

test('only the service app tells, only what the profile knows, only of who is there', async () => {
  assert.equal((await tell({ version: 9, eventType: 'ooo' }, astrid?.webexToken)).status, 403);
  assert.equal((await tell({ version: 9, eventType: 'away' })).status, 400);
  assert.equal((await tell({ version: 9, eventType: 'active', expiresTime: at(1) })).status, 400);
  const nobody = '/calendar/ingest/v1/users/00000000-0000-4000-8000-000000000000/presence';
  const as = cloud.context.directory.serviceApp.token;
  assert.equal((await cloud.call('PUT', nobody, { as, body: { version: 1, eventType: 'ooo' } })).status, 404);
});
