import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdminRig, type Answer, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function open(rig: AdminRig, cookie: string, path = '/'): Promise<Answer> {
  return call(rig.listening, path, { headers: { cookie } });
}

test('the page asks a stranger to sign in and its fragment says 401', async () => {
  await using rig = await openAdmin();
  const answer = await call(rig.listening, '/');
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, '/sign-in');
  assert.equal((await call(rig.listening, '/status-fragment')).status, 401);
  assert.equal((await open(rig, '__Host-session=forged')).status, 303);
});

test('a sign-in sets a guarded cookie whose token is not stored', async () => {
  await using rig = await openAdmin();
  const answer = await signIn(rig);
  assert.equal(answer.status, 303);
  assert.match(
    answer.headers['set-cookie']?.[0] ?? '',
    /^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  );
  const token = cookieOf(answer).split('=')[1] ?? '';
  const [row] = rig.rows.values();
  assert.equal(row?.tokenHash.byteLength, 32);
  assert.notDeepEqual(Buffer.from(row?.tokenHash ?? []), Buffer.from(token, 'base64url'));
  const page = await open(rig, cookieOf(answer));
  assert.equal(page.status, 200);
  assert.match(page.text, /Operational/);
});

test('each sign-in makes a new token and ends the one the browser had', async () => {
  await using rig = await openAdmin();
  const first = cookieOf(await signIn(rig));
  const second = cookieOf(await signIn(rig, { cookie: first }));
  assert.notEqual(first, second);
  assert.equal((await open(rig, first)).status, 303);
  assert.equal((await open(rig, second)).status, 200);
});

test('signing out ends the session on the server', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  const out = await call(rig.listening, '/sign-out', { method: 'POST', headers: { cookie, ...SAME_ORIGIN } });
  assert.equal(out.status, 303);
  assert.match(out.headers['set-cookie']?.[0] ?? '', /Max-Age=0/);
  assert.equal(rig.rows.size, 0);
  assert.equal((await open(rig, cookie)).status, 303);
});

test('a session ends after 30 idle minutes and use prolongs it', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  rig.clock.advance(29 * MINUTE);
  assert.equal((await open(rig, cookie)).status, 200);
  rig.clock.advance(29 * MINUTE);
  assert.equal((await open(rig, cookie)).status, 200);
  rig.clock.advance(30 * MINUTE);
  assert.equal((await open(rig, cookie)).status, 303);
  assert.equal(rig.rows.size, 0);
});

test('what the page asks for by itself does not keep a session alive', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  rig.clock.advance(20 * MINUTE);
  assert.equal((await open(rig, cookie, '/status-fragment')).status, 200);
  rig.clock.advance(10 * MINUTE);
  assert.equal((await open(rig, cookie, '/status-fragment')).status, 401);
});

test('a session ends after 12 hours however busy it is', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  for (let spent = 0; spent < 12 * HOUR - 20 * MINUTE; spent += 20 * MINUTE) {
    rig.clock.advance(20 * MINUTE);
    assert.equal((await open(rig, cookie)).status, 200);
  }
  rig.clock.advance(20 * MINUTE);
  assert.equal((await open(rig, cookie)).status, 303);
});

test('only who is signed in has a mailbox tried at once', async () => {
  await using rig = await openAdmin();
  const retry = (id: number, cookie: string) =>
    call(rig.listening, `/mailboxes/${id}/retry`, { method: 'POST', headers: { cookie, ...SAME_ORIGIN } });
  assert.equal((await retry(3, '')).headers.location, '/sign-in');
  const cookie = cookieOf(await signIn(rig));
  assert.deepEqual([(await retry(3, cookie)).status, (await retry(99, cookie)).status], [303, 404]);
  assert.deepEqual(rig.retried, [3]);
});
