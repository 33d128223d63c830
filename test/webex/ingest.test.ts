import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { openMeetingSink } from '../../src/webex/ingest.ts';
import { makeWebexRig } from './webex-rig.ts';

const USER = '7b2f0c52-5bb0-4e3c-9a7b-0d7a3a7f6a10';
const ITEM = { id: 'AAMk=/+ö', seriesId: 's', encryptionKeyUrl: 'kms://kms.example.com/keys/1' };
const PATH = `/ingest/v1/users/${USER}/meetings/${Buffer.from(ITEM.id).toString('base64url')}`;

test('puts an item with its version and reports what became of it', async () => {
  await using rig = await makeWebexRig(() => ({ status: 201 }));
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: `${rig.origin}/ingest/v1` });
  assert.equal(await sink.put(USER, ITEM, 7), 'created');
  assert.equal(`${rig.asked[0]?.method} ${rig.asked[0]?.url}`, `PUT ${PATH}`);
  assert.deepEqual(JSON.parse(rig.asked[0]?.body ?? ''), { version: 7, item: ITEM });
  rig.answer = () => ({ status: 200 });
  assert.equal(await sink.put(USER, ITEM, 8), 'updated');
  rig.answer = () => ({ status: 409 });
  assert.equal(await sink.put(USER, ITEM, 8), 'fenced');
});

test('withdraws under a version', async () => {
  await using rig = await makeWebexRig(() => ({ status: 200 }));
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: `${rig.origin}/ingest/v1` });
  assert.equal(await sink.withdraw(USER, ITEM.id, 9), 'withdrawn');
  assert.equal(`${rig.asked[0]?.method} ${rig.asked[0]?.url}`, `DELETE ${PATH}?version=9`);
  rig.answer = () => ({ status: 409 });
  assert.equal(await sink.withdraw(USER, ITEM.id, 9), 'fenced');
});

test('tells a reminder and takes it back under its version', async () => {
  await using rig = await makeWebexRig(() => ({ status: 201 }));
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: `${rig.origin}/ingest/v1` });
  const start = '2026-12-01T09:00:00.000Z';
  const reminder = { ...ITEM, start, end: '2026-12-01T09:30:00.000Z', meetingJoinInfo: {} };
  assert.equal(await sink.putReminder(USER, reminder, 1), 'created');
  const path = PATH.replace('meetings', 'reminders');
  assert.equal(`${rig.asked[0]?.method} ${rig.asked[0]?.url}`, `PUT ${path}`);
  assert.deepEqual(JSON.parse(rig.asked[0]?.body ?? ''), { version: 1, reminder });
  rig.answer = () => ({ status: 200 });
  assert.equal(await sink.withdrawReminder(USER, ITEM.id, 2), 'withdrawn');
  assert.equal(`${rig.asked[1]?.method} ${rig.asked[1]?.url}`, `DELETE ${path}?version=2`);
});

test('a reminder that is not answered is given up within four seconds, so that it can be told anew', async () => {
  await using rig = await makeWebexRig(() => ({}));
  rig.server.removeAllListeners('request');
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: `${rig.origin}/ingest/v1` });
  const began = performance.now();
  await assert.rejects(sink.withdrawReminder(USER, ITEM.id, 2), { reason: 'WEBEX_TIMEOUT' });
  assert.ok(performance.now() - began < 4_000);
});

test('a refused item is never repeated, an unknown user concerns the mailbox', async () => {
  const expected = [
    [400, 'invalid WEBEX_ITEM_REFUSED job'],
    [413, 'invalid WEBEX_ITEM_REFUSED job'],
    [404, 'not_found WEBEX_NO_SUCH_USER mailbox'],
    [503, 'unavailable WEBEX_UNREACHABLE upstream'],
  ] as const;
  let status = 0;
  await using rig = await makeWebexRig(() => ({ status }));
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: rig.origin });
  for (const [given, outcome] of expected) {
    status = given;
    await assert.rejects(sink.put(USER, ITEM, 1), (thrown) => {
      assert.ok(thrown instanceof AppError);
      assert.equal(`${thrown.code} ${thrown.reason} ${thrown.scope}`, outcome);
      return true;
    });
  }
});
