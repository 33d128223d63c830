import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, cookieOf, openAdmin, signIn } from './web-rig.ts';

test('the page lists hosts with purpose, fields in clear and use, to who is signed in', async () => {
  await using rig = await openAdmin();
  const stranger = await call(rig.listening, '/egress');
  assert.deepEqual([stranger.status, stranger.headers.location], [303, '/sign-in']);
  const cookie = cookieOf(await signIn(rig));
  const { status, text } = await call(rig.listening, '/egress', { headers: { cookie } });
  assert.equal(status, 200);
  assert.match(text, /<h2>https:\/\/webexapis\.com<\/h2>/);
  assert.match(text, /1,234,567 bytes out, 987 in/);
  assert.match(text, /<code>scheduling\.share_title<\/code> on/);
  assert.match(text, /<code>scheduling\.share_people<\/code> off/);
  assert.match(text, /Last use not yet/);
});
