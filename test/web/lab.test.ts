import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEALTHY } from './status-samples.ts';
import { type AdminRig, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

const BADGE = />LAB<\/strong>/;
const OPEN = ['/sign-in', '/setup'];
const SIGNED_IN = ['/', '/explain', '/egress', '/audit'];

/** The text of every page, by what was asked. */
async function pagesOf(rig: AdminRig): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const path of OPEN) pages.set(path, (await call(rig.listening, path)).text);
  pages.set('POST /sign-in', (await signIn(rig, { password: 'wrong' })).text);
  pages.set('POST /setup', (await post(rig, '/setup', '')).text);
  const cookie = cookieOf(await signIn(rig));
  for (const path of SIGNED_IN)
    pages.set(path, (await call(rig.listening, path, { headers: { cookie } })).text);
  pages.set('POST /explain', (await post(rig, '/explain', cookie)).text);
  return pages;
}

function post(rig: AdminRig, path: string, cookie: string) {
  const headers = { ...SAME_ORIGIN, cookie, 'content-type': 'application/x-www-form-urlencoded' };
  return call(rig.listening, path, { method: 'POST', headers, body: 'code=none' });
}

test('every page of a laboratory says LAB once, a mistake told by a page too', async () => {
  await using rig = await openAdmin();
  const pages = await pagesOf(rig);
  assert.equal(pages.size, 9);
  for (const [asked, text] of pages) assert.equal(text.split(BADGE).length, 2, asked);
});

test('no page of an installation in production says LAB', async () => {
  await using rig = await openAdmin(null, { ...HEALTHY, lab: false });
  for (const [asked, text] of await pagesOf(rig)) {
    assert.match(text, /<h1>/, asked);
    assert.doesNotMatch(text, BADGE, asked);
  }
});
