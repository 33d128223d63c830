import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageStream } from '../../src/web/page-stream.ts';
import { EventReader, openStatusPage } from './event-source.ts';
import { HEALTHY, NOW, TROUBLED } from './status-samples.ts';
import { type AdminRig, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

const MINUTE = 60_000;

async function listen(rig: AdminRig, page: { cookie: string; mark: string }): Promise<EventReader> {
  const reader = await EventReader.open(rig, `/events?mark=${page.mark}`, page.cookie);
  assert.equal(reader.status, 200);
  return reader;
}

test('only who is signed in may listen', async () => {
  await using rig = await openAdmin();
  assert.equal((await call(rig.listening, '/events')).status, 401);
  assert.equal(
    (await call(rig.listening, '/events', { headers: { cookie: '__Host-session=x' } })).status,
    401,
  );
});

test('a change reaches every page, and all of them cost one reading', async () => {
  await using rig = await openAdmin();
  const page = await openStatusPage(rig);
  const readers = [await listen(rig, page), await listen(rig, page), await listen(rig, page)];
  await rig.pace.rest();
  rig.openings = 0;
  rig.facts = TROUBLED;
  await rig.pace.turn();
  for (const reader of readers) assert.match(await reader.next('status'), /KMS_UNREACHABLE/);
  assert.equal(rig.openings, 1);
});

test('a page that shows what is costs no opening, however often is looked', async () => {
  await using rig = await openAdmin();
  const page = await openStatusPage(rig);
  rig.openings = 0;
  const reader = await listen(rig, page);
  for (let n = 0; n < 5; n += 1) {
    // Another reading that looks the same: only the time and the stored rows moved on.
    rig.facts = { ...HEALTHY, now: NOW + n };
    await rig.pace.turn();
  }
  assert.equal(rig.openings, 0);
  assert.deepEqual(reader.waiting, ['beat']);
});

test('what changed between the page and its stream is sent at the first look', async () => {
  await using rig = await openAdmin();
  const page = await openStatusPage(rig);
  rig.facts = TROUBLED;
  const reader = await listen(rig, page);
  assert.match(await reader.next('status'), /KMS_UNREACHABLE/);
});

test('a beat tells the time every 15 seconds', async () => {
  await using rig = await openAdmin();
  const reader = await listen(rig, await openStatusPage(rig));
  assert.equal(await reader.next('beat'), String(NOW));
  await rig.pace.rest();
  rig.clock.advance(14_999);
  await rig.pace.turn();
  rig.clock.advance(1);
  await rig.pace.turn();
  assert.equal(await reader.next('beat'), String(NOW + 15_000));
});

test('a stream does not keep its session alive and ends with it', async () => {
  await using rig = await openAdmin();
  const page = await openStatusPage(rig);
  const reader = await listen(rig, page);
  await rig.pace.rest();
  rig.clock.advance(29 * MINUTE);
  await rig.pace.turn();
  rig.clock.advance(MINUTE);
  await rig.pace.turn();
  await reader.ended;
  assert.equal(rig.rows.size, 0);
});

test('a session that is used meanwhile keeps its stream', async () => {
  await using rig = await openAdmin();
  const page = await openStatusPage(rig);
  const reader = await listen(rig, page);
  await rig.pace.rest();
  rig.clock.advance(29 * MINUTE);
  await call(rig.listening, '/', { headers: { cookie: page.cookie } });
  rig.clock.advance(MINUTE);
  rig.facts = TROUBLED;
  await rig.pace.turn();
  assert.match(await reader.next('status'), /KMS_UNREACHABLE/);
});

test('signing out, a new password and a new sign-in end the streams of the old session at once', async () => {
  await using rig = await openAdmin();
  const first = await openStatusPage(rig);
  const [left, other] = [await listen(rig, first), await openStatusPage(rig)];
  const headers = { cookie: first.cookie, ...SAME_ORIGIN };
  await call(rig.listening, '/sign-out', { method: 'POST', headers });
  await left.ended;
  const reader = await listen(rig, other);
  rig.app.endStreamsOf('somebody else');
  rig.facts = TROUBLED;
  await rig.pace.turn();
  assert.match(await reader.next('status'), /KMS_UNREACHABLE/);
  rig.app.endStreamsOf('ops');
  await reader.ended;
  const again = await listen(rig, other);
  await signIn(rig, { cookie: other.cookie });
  await again.ended;
});

test('a session has four streams and everybody together 32', async () => {
  await using rig = await openAdmin();
  const statuses: number[] = [];
  for (let session = 0; session < 9; session += 1) {
    const cookie = cookieOf(await signIn(rig, { address: `192.0.2.${session}` }));
    for (let n = 0; n < 5; n += 1) {
      const { status } = await EventReader.open(rig, '/events', cookie);
      statuses.push(status);
    }
  }
  const taken = statuses.filter((status) => status === 200).length;
  assert.deepEqual(statuses.slice(0, 6), [200, 200, 200, 200, 503, 200]);
  assert.equal(taken, 32);
});

test('a page that went away makes room, and asking for the head takes none', async () => {
  await using rig = await openAdmin();
  const { cookie } = await openStatusPage(rig);
  for (let n = 0; n < 5; n += 1)
    assert.equal((await call(rig.listening, '/events', { method: 'HEAD', headers: { cookie } })).status, 200);
  const readers = await Promise.all([1, 2, 3, 4].map(() => EventReader.open(rig, '/events', cookie)));
  assert.equal((await EventReader.open(rig, '/events', cookie)).status, 503);
  readers[0]?.leave();
  let status = 503;
  while (status === 503) ({ status } = await EventReader.open(rig, '/events', cookie));
  assert.equal(status, 200);
});

test('the listener closes at once although pages listen', async () => {
  const rig = await openAdmin();
  const readers = await Promise.all(
    [1, 2, 3].map(async () => EventReader.open(rig, '/events', (await openStatusPage(rig)).cookie)),
  );
  const began = performance.now();
  await rig[Symbol.asyncDispose]();
  assert.ok(performance.now() - began < 2_000, 'its patience would be 5 s');
  await Promise.all(readers.map((reader) => reader.ended));
});

test('a fault while looking ends the streams, and the pages ask by themselves', async () => {
  await using rig = await openAdmin();
  const reader = await listen(rig, await openStatusPage(rig));
  await rig.pace.rest();
  Object.defineProperty(rig, 'facts', {
    get: () => {
      throw new Error('disk gone');
    },
  });
  await rig.pace.turn();
  await reader.ended;
  assert.equal(rig.faults.length, 1);
});

test('a reader that is behind is not sent more', async () => {
  const session = { tokenHash: new Uint8Array(32), admin: 'ops', endsAt: NOW };
  let gone = 0;
  const stream = new PageStream(session, '', () => {
    gone += 1;
  });
  stream.send('status', 'one');
  stream.send('status', 'two\nlines');
  assert.equal(stream.takes, false);
  const reader = stream.body.getReader();
  await reader.read();
  assert.equal(stream.takes, true);
  const { value } = await reader.read();
  assert.equal(Buffer.from(value ?? []).toString(), 'event: status\ndata: two\ndata: lines\n\n');
  await reader.cancel();
  stream.end();
  assert.equal(gone, 1);
});
