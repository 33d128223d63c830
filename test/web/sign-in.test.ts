import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, isAcceptablePassword, NOBODYS_HASH, verifyPassword } from '../../src/web/password.ts';
import { SignInLimits } from '../../src/web/sign-in-limits.ts';
import { openAdmin, PASSWORD, signIn, TestClock, testRandom } from './web-rig.ts';

const WRONG = 'wrong horse battery';

test('a wrong name and a wrong password get the same answer', async () => {
  await using rig = await openAdmin();
  const wrongPassword = await signIn(rig, { password: WRONG });
  const wrongName = await signIn(rig, { name: 'nobody', password: WRONG });
  assert.equal(wrongPassword.status, 401);
  assert.deepEqual([wrongName.status, wrongName.text], [wrongPassword.status, wrongPassword.text]);
  assert.match(wrongName.text, /The name or the password is wrong/);
  assert.deepEqual(rig.results, ['failure', 'failure']);
  assert.equal(rig.rows.size, 0);
});

test('the sixth try within 15 minutes is turned away even with the right password', async () => {
  await using rig = await openAdmin();
  for (let n = 0; n < 5; n += 1) assert.equal((await signIn(rig, { password: WRONG })).status, 401);
  const refused = await signIn(rig);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '900');
  assert.match(refused.text, /Try again in 15 min/);
  assert.equal((await signIn(rig, { address: '192.0.2.2' })).status, 303, 'a stranger locks nobody else out');
  rig.clock.advance(15 * 60_000);
  assert.equal((await signIn(rig)).status, 303);
});

test('one address has 30 tries an hour over all names', () => {
  const clock = new TestClock();
  const limits = new SignInLimits(clock);
  for (let n = 0; n < 30; n += 1) assert.equal(limits.tryNow(`name ${n}`, 'a'), 0);
  assert.ok(limits.tryNow('one more', 'a') > 0);
  assert.equal(limits.tryNow('one more', 'b'), 0);
  clock.advance(3_600_000);
  assert.equal(limits.tryNow('one more', 'a'), 0);
});

test('a success forgives the slips before it', () => {
  const limits = new SignInLimits(new TestClock());
  for (let n = 0; n < 4; n += 1) limits.tryNow('ops', 'a');
  limits.forgive('ops', 'a');
  for (let n = 0; n < 5; n += 1) assert.equal(limits.tryNow('ops', 'a'), 0);
  assert.ok(limits.tryNow('ops', 'a') > 0);
});

test('a hash is argon2id in PHC form and opens only for its password', async () => {
  const hash = await hashPassword(PASSWORD, testRandom);
  assert.match(hash, /^\$argon2id\$v=19\$m=65536,t=2,p=1\$[^$]{22}\$[^$]{43}$/);
  assert.equal(await verifyPassword(PASSWORD, hash), true);
  assert.equal(await verifyPassword(`${PASSWORD} `, hash), false);
  assert.equal(await verifyPassword(PASSWORD, NOBODYS_HASH), false);
  assert.equal(await verifyPassword(PASSWORD, 'plain'), false);
});

test('a password needs 15 characters and nothing else', () => {
  assert.equal(isAcceptablePassword('a'.repeat(14)), false);
  assert.equal(isAcceptablePassword('a'.repeat(15)), true);
  assert.equal(isAcceptablePassword('🦊'.repeat(14)), false);
});
