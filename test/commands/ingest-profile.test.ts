import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INGEST_PROFILE } from '../../src/domain/ingest-profile.ts';
import { start } from './fake-appliance.ts';
import { folder } from './program.ts';

test('prints the ingest profile as it is published', async (t) => {
  const { code, stdout, stderr } = await start(folder(t), ['ingest-profile']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(INGEST_PROFILE)));
  assert.equal((await start(folder(t), ['ingest-profile', '--made-up'])).code, 2);
});
