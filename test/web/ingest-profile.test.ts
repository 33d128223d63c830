import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INGEST_PROFILE } from '../../src/domain/ingest-profile.ts';
import { call, openAdmin } from './web-rig.ts';

test('the ingest profile is there for whoever writes the cloud side, without a sign-in', async () => {
  await using rig = await openAdmin();
  const answer = await call(rig.listening, '/ingest-profile.json', {
    headers: { 'x-test-address': '192.0.2.1' },
  });
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^application\/json/);
  assert.deepEqual(JSON.parse(answer.text), INGEST_PROFILE);
  assert.equal(answer.headers['set-cookie'], undefined);
});
