import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECURITY_HEADERS } from '../../src/web/guard.ts';
import { EventReader } from './event-source.ts';
import { type AdminRig, type Answer, call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

function assertGuarded(answer: Answer, where: string, cached: boolean): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    assert.equal(answer.headers[name], value, `${where}: ${name}`);
  }
  const caching = cached ? 'public, max-age=31536000, immutable' : 'no-store';
  assert.equal(answer.headers['cache-control'], caching, where);
  assert.equal(answer.headers['x-powered-by'], undefined);
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
}

async function assetsOf(rig: AdminRig): Promise<string[]> {
  const { text: setup } = await call(rig.listening, '/setup');
  const { text } = await call(rig.listening, '/sign-in');
  const { text: page } = await call(rig.listening, '/', { headers: { cookie: cookieOf(await signIn(rig)) } });
  return [
    ...new Set(
      [...`${text}${setup}${page}`.matchAll(/(?:href|src)="(\/[a-z]+\.[0-9a-f]{16}\.\w+)"/g)].map(
        (m) => m[1] ?? '',
      ),
    ),
  ];
}

test('S1: every route and error carries the security headers', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  const paths = [
    '/',
    '/sign-in',
    '/status-fragment',
    '/livez',
    '/readyz',
    '/healthz',
    '/metrics',
    '/ingest-profile.json',
    '/setup',
    '/nothing-here',
    '/%00',
    '/../etc',
  ];
  for (const path of paths) {
    for (const headers of [{}, { cookie }]) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const answer = await call(rig.listening, path, { method, headers: { ...headers, ...SAME_ORIGIN } });
        assertGuarded(answer, `${method} ${path} ${answer.status}`, false);
      }
    }
  }
  assertGuarded(await call(rig.listening, '/events'), '/events 401', false);
  const stream = await EventReader.open(rig, '/events', cookie);
  assert.equal(stream.status, 200);
  assertGuarded({ status: 200, headers: stream.headers, text: '' }, '/events', false);
  rig.ready = false;
  const notReady = await call(rig.listening, '/readyz');
  assert.equal(notReady.status, 503);
  assertGuarded(notReady, '/readyz 503', false);
  assert.equal((await call(rig.listening, '/livez')).status, 200);
});

test('S1: static files are named by their content and may be kept for ever', async () => {
  await using rig = await openAdmin();
  const assets = await assetsOf(rig);
  assert.equal(assets.length, 4);
  for (const path of assets) {
    const answer = await call(rig.listening, path);
    assert.equal(answer.status, 200);
    assertGuarded(answer, path, true);
  }
});

test('S1: a fault inside answers 500 with the headers and without its cause', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  Object.defineProperty(rig, 'facts', {
    get: () => {
      throw new Error('secret detail');
    },
  });
  const answer = await call(rig.listening, '/', { headers: { cookie } });
  assert.equal(answer.status, 500);
  assertGuarded(answer, '500', false);
  assert.doesNotMatch(answer.text, /secret detail/);
  assert.equal(rig.faults.length, 1);
});

test('S2: only same-origin requests pass an unsafe method, whatever the content type', async () => {
  await using rig = await openAdmin();
  const own = rig.listening.url;
  const sites = [null, 'same-origin', 'same-site', 'cross-site', 'none'];
  const origins = [
    null,
    own,
    own.replace('http:', 'https:'),
    'https://evil.example',
    'null',
    `${own}.evil.example`,
  ];
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain',
    'application/json',
    null,
  ];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    for (const site of sites) {
      for (const origin of origins) {
        for (const type of types) {
          const headers = Object.fromEntries(
            [
              ['sec-fetch-site', site],
              ['origin', origin],
              ['content-type', type],
            ].filter(([, value]) => value !== null),
          );
          const allowed =
            site === null
              ? origin !== null && [own, own.replace('http:', 'https:')].includes(origin)
              : site === 'same-origin';
          const answer = await call(rig.listening, '/sign-out', { method, headers });
          assert.equal(answer.status !== 403, allowed, JSON.stringify({ method, ...headers }));
        }
      }
    }
  }
});

test('a form that is too large is refused', async () => {
  await using rig = await openAdmin();
  const answer = await signIn(rig, { password: 'x'.repeat(70_000) });
  assert.equal(answer.status, 413);
});
