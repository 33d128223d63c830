import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../src/store/open.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';

const HANDSHAKE_MS = 10_000;

test('the handshake is answered in time while the database is locked, and Graph repeats what was refused (promise 1)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  const other = new Database(join(rig.dataDir, DATABASE_FILE));
  other.exec('BEGIN IMMEDIATE');
  const began = performance.now();
  for (const person of [astrid, bruno]) await book(rig.cloud, person, tomorrow());
  await rig.until(() => rig.answers.includes(503));
  const token = 'Validation: Testing reachability & more';
  const url = `${rig.deps.settings.webhooks?.notification}?validationToken=${encodeURIComponent(token)}`;
  const answer = await rig.cloud.call('POST', url, { as: null });
  assert.ok(performance.now() - began < HANDSHAKE_MS, 'a wait for the lock holds the whole process up');
  assert.deepEqual([answer.status, answer.text], [200, token]);
  other.exec('COMMIT');
  other.close();
  await rig.until(() => [astrid, bruno].every(({ address }) => rig.webex.listed(address) === 1));
});
