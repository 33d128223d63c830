import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdminRig, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

const ROOM = 'https://nordwind.webex.com/meet/ann';

async function ask(rig: AdminRig, form: FormData, headers: Readonly<Record<string, string>> = {}) {
  const cookie = cookieOf(await signIn(rig));
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  return await call(rig.listening, '/explain', {
    method: 'POST',
    headers: {
      ...SAME_ORIGIN,
      'content-type': request.headers.get('content-type') ?? '',
      cookie,
      ...headers,
    },
    body: Buffer.from(await request.arrayBuffer()),
  });
}

function pasted(type: string, text: string): FormData {
  const form = new FormData();
  form.set('type', type);
  form.set('text', text);
  // As a browser sends a file that was not chosen.
  form.set('file', new File([], ''));
  return form;
}

test('a pasted invitation is explained to who is signed in', async () => {
  await using rig = await openAdmin();
  const { status, text, headers } = await ask(rig, pasted('html', `<a href="${ROOM}">join</a>`));
  assert.equal(status, 200);
  assert.match(text, /<dd>webex<\/dd>/);
  assert.match(text, /<dd>ann@nordwind\.webex\.com<\/dd>/);
  assert.equal(headers['cache-control'], 'no-store');
});

test('an uploaded file goes by the end of its name', async () => {
  await using rig = await openAdmin();
  const form = pasted('html', '');
  form.set(
    'file',
    new File([`BEGIN:VCALENDAR\nBEGIN:VEVENT\nLOCATION:${ROOM}\nEND:VEVENT\nEND:VCALENDAR\n`], 'a.ics'),
  );
  const { text } = await ask(rig, form);
  assert.match(text, /<dd>the location<\/dd>/);
});

test('what was pasted is escaped where an address of it is shown, and not given back', async () => {
  await using rig = await openAdmin();
  const { text } = await ask(rig, pasted('txt', `${ROOM}?a='&quot;<script>alert(1)</script> secret words`));
  assert.doesNotMatch(text, /<script>|secret words/);
});

test('nothing, too much and what is no invitation get an answer that says so', async () => {
  await using rig = await openAdmin();
  const nothing = await ask(rig, pasted('html', ' '));
  assert.deepEqual([nothing.status, /neither a text nor a file/.test(nothing.text)], [400, true]);
  const unreadable = await ask(rig, pasted('json', '{'));
  assert.deepEqual([unreadable.status, /no invitation of that kind/.test(unreadable.text)], [400, true]);
  const large = await ask(rig, pasted('txt', 'x'.repeat(1_200_000)));
  assert.deepEqual([large.status, /larger than 1 MB/.test(large.text)], [413, true]);
});

test('strangers and other origins get nothing', async () => {
  await using rig = await openAdmin();
  const page = await call(rig.listening, '/explain');
  assert.deepEqual([page.status, page.headers.location], [303, '/sign-in']);
  const form = pasted('txt', ROOM);
  assert.equal((await ask(rig, form, { cookie: '' })).headers.location, '/sign-in');
  assert.equal((await ask(rig, form, { 'sec-fetch-site': 'cross-site' })).status, 403);
});

test('nothing of an invitation reaches the faults or the rows', async () => {
  await using rig = await openAdmin();
  await ask(rig, pasted('eml', `Subject: x\n\n${ROOM}`));
  assert.deepEqual(rig.faults, []);
  assert.doesNotMatch(JSON.stringify([...rig.rows.values()]), /nordwind/);
});
