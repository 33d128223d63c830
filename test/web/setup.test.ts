import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellsItself } from '../../src/web/password.ts';
import { type AdminRig, type Answer, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

const MINUTE = 60_000;
const GOOD = { name: 'Ada', password: 'purple rain on tin roofs', again: 'purple rain on tin roofs' };

function submit(rig: AdminRig, fields: Record<string, string>, address = '192.0.2.9'): Promise<Answer> {
  return call(rig.listening, '/setup', {
    method: 'POST',
    headers: {
      ...SAME_ORIGIN,
      'content-type': 'application/x-www-form-urlencoded',
      'x-test-address': address,
    },
    body: new URLSearchParams({ ...GOOD, ...fields }).toString(),
  });
}

/** A link's code on an appliance without any administrator. */
function firstCode(rig: AdminRig): string {
  rig.admins.clear();
  const code = rig.setupLinks.make(false);
  assert.match(code ?? '', /^[\w-]{43}$/);
  return code ?? '';
}

test('a set-up link makes the first administrator and signs in, once', async () => {
  await using rig = await openAdmin();
  const code = firstCode(rig);
  const answer = await submit(rig, { code });
  assert.deepEqual([answer.status, answer.headers.location], [303, '/']);
  assert.equal((await call(rig.listening, '/', { headers: { cookie: cookieOf(answer) } })).status, 200);
  assert.equal((await signIn(rig, { name: 'Ada', password: GOOD.password })).status, 303);
  const again = await submit(rig, { code, name: 'Mallory' });
  assert.equal(again.status, 403);
  assert.match(again.text, /not valid any more/);
  assert.deepEqual([...rig.admins.keys()], ['Ada']);
  assert.deepEqual(rig.links, ['used', 'refused']);
});

test('there is no link beside an administrator, unless a reset is meant', async () => {
  await using rig = await openAdmin();
  assert.equal(rig.setupLinks.make(false), null);
  const code = rig.setupLinks.make(true) ?? '';
  assert.equal((await submit(rig, { code, name: 'ops' })).status, 303);
  assert.equal((await signIn(rig)).status, 401, 'the old password is gone');
  assert.equal((await signIn(rig, { password: GOOD.password })).status, 303);
});

test('a link is void after 15 minutes, behind a newer one, and once an administrator exists', async () => {
  await using rig = await openAdmin();
  const first = firstCode(rig);
  const second = firstCode(rig);
  assert.equal((await submit(rig, { code: first })).status, 403);
  rig.clock.advance(15 * MINUTE - 1);
  assert.equal(rig.setupLinks.isGood(second), true);
  rig.clock.advance(1);
  assert.equal((await submit(rig, { code: second })).status, 403);
  const third = firstCode(rig);
  rig.admins.set('else', 'hash');
  assert.equal((await submit(rig, { code: third })).status, 403);
  assert.equal(rig.admins.has('Ada'), false);
});

test('a form with another mistake keeps its code and uses nothing up', async () => {
  await using rig = await openAdmin();
  const code = firstCode(rig);
  const cases = [
    [{ name: '<x>' }, /The name must be/],
    [{ password: 'too short', again: 'too short' }, /15 characters or more\./],
    [{ name: 'Purple' }, /must not hold your name/],
    [{ password: 'the Hybrid Calendar one' }, /must not hold your name/],
    [{ again: 'purple rain on tin roof' }, /passwords differ/],
  ] as const;
  for (const [fields, words] of cases) {
    const answer = await submit(rig, { code, ...fields });
    assert.equal(answer.status, 400);
    assert.match(answer.text, words);
    assert.ok(answer.text.includes(`value="${code}"`));
    assert.match(answer.text, /id="code-row" hidden/);
    assert.doesNotMatch(answer.text, /purple rain/);
  }
  assert.equal((await submit(rig, { code })).status, 303);
});

test('guessing is slowed down for the guesser alone', async () => {
  await using rig = await openAdmin();
  const code = firstCode(rig);
  for (let n = 0; n < 5; n += 1) assert.equal((await submit(rig, { code: `guess ${n}` })).status, 403);
  const slowed = await submit(rig, { code });
  assert.equal(slowed.status, 429);
  assert.equal(slowed.headers['retry-after'], '900');
  assert.equal((await submit(rig, { code }, '192.0.2.10')).status, 303);
});

test('the page tells nothing of whether a link stands', async () => {
  await using rig = await openAdmin();
  const without = await call(rig.listening, '/setup');
  firstCode(rig);
  const beside = await call(rig.listening, '/setup');
  assert.equal(without.status, 200);
  assert.equal(beside.text, without.text);
});

test('the sign-in page says how to begin while nobody can sign in', async () => {
  await using rig = await openAdmin();
  assert.doesNotMatch((await call(rig.listening, '/sign-in')).text, /setup link/);
  rig.admins.clear();
  assert.match((await call(rig.listening, '/sign-in')).text, /hybrid-calendar setup link/);
});

test('a password holds neither the name nor the product, however it is written', () => {
  const cases = [
    ['ADA lovelace 1843!', 'Ada', true],
    ['my h.y.b.r.i.d calendar', 'Bo', true],
    ['WebEx is the best thing', 'Bo', true],
    ['ｗｅｂｅｘ full width form', 'Bo', true],
    ['both boats go slowly by', 'Bo', false],
    ['correct horse battery', 'Ada', false],
  ] as const;
  for (const [password, name, expected] of cases)
    assert.equal(tellsItself(password, name), expected, password);
});
