import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatusFacts } from '../../src/domain/status.ts';
import { HEALTHY, NOW, TROUBLED } from './status-samples.ts';
import { call, cookieOf, openAdmin, signIn } from './web-rig.ts';

const LOCAL = { 'x-test-address': '127.0.0.1' };

test('S4: who may read health and metrics', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  const cases = [
    ['from this machine', '127.0.0.1', {}, true],
    ['from another address of this machine', '127.1.2.3', {}, true],
    ['from this machine by IPv6', '::1', {}, true],
    ['from this machine by IPv4 in IPv6', '::ffff:127.0.0.1', {}, true],
    ['from this machine, behind its reverse proxy', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, false],
    ['behind a proxy that says Forwarded', '::1', { forwarded: 'for=192.0.2.1' }, false],
    ['behind a proxy that says Via', '127.0.0.1', { via: '1.1 proxy' }, false],
    ['behind a proxy that says X-Real-IP', '127.0.0.1', { 'x-real-ip': '127.0.0.1' }, false],
    ['from the network', '192.0.2.1', {}, false],
    ['from the network by IPv6', '2001:db8::1', {}, false],
    ['from an address that only looks like it', '127.0.0.1.example', {}, false],
    ['from nowhere', '', {}, false],
    ['from the network with a forged session', '192.0.2.1', { cookie: '__Host-session=x' }, false],
    ['from the network, signed in', '192.0.2.1', { cookie }, true],
    ['behind a proxy, signed in', '127.0.0.1', { cookie, via: '1.1 proxy' }, true],
  ] as const;
  for (const [fact, address, headers, allowed] of cases) {
    for (const path of ['/healthz', '/metrics']) {
      const answer = await call(rig.listening, path, { headers: { 'x-test-address': address, ...headers } });
      assert.equal(answer.status, allowed ? 200 : 401, `${fact}: ${path}`);
      if (!allowed) assert.doesNotMatch(answer.text, /operational|appliance_/);
    }
    for (const path of ['/livez', '/readyz'])
      assert.equal((await call(rig.listening, path, { headers: { 'x-test-address': address } })).status, 200);
  }
});

test('tells the state, the alarms and the stages, and no version to whoever asks', async () => {
  await using rig = await openAdmin();
  rig.facts = TROUBLED;
  const answer = await call(rig.listening, '/healthz', { headers: LOCAL });
  assert.equal(answer.headers['content-type'], 'application/health+json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const body = JSON.parse(answer.text);
  assert.deepEqual(Object.keys(body), ['status', 'description', 'alarms', 'stages']);
  assert.equal(body.status, 'outage');
  assert.deepEqual(body.alarms, [
    {
      id: 'mailbox-not-working',
      severity: 'warning',
      title: 'A mailbox can’t be served',
      since: new Date(NOW - 5 * 3_600_000).toISOString(),
      subject: 3,
    },
    {
      id: 'kms-unreachable',
      severity: 'error',
      title: 'The key management server does not answer',
      since: new Date(NOW - 431_000).toISOString(),
      subject: null,
    },
  ]);
  assert.deepEqual(body.stages[2], { name: 'keys', state: 'failing', backlog: 2 });
  assert.doesNotMatch(answer.text, /@/);
  assert.equal(rig.openings, 0);
});

test('tells more when asked for more, and the version to an administrator', async () => {
  await using rig = await openAdmin();
  const verbose = await call(rig.listening, '/healthz?verbose', { headers: LOCAL });
  const body = JSON.parse(verbose.text);
  assert.equal(body.version, undefined);
  assert.deepEqual(body.mailboxes, { activated: 11 });
  assert.deepEqual([body.counts, body.keyOutage], [HEALTHY.counts, null]);
  assert.equal(body.stages[0].lastSuccessAt, new Date(NOW - 4_000).toISOString());
  assert.doesNotMatch(verbose.text, /@/);
  const cookie = cookieOf(await signIn(rig));
  assert.equal(
    JSON.parse((await call(rig.listening, '/healthz', { headers: { cookie } })).text).version,
    '0.1.0',
  );
});

test('an outage is 503, every other state 200', async () => {
  await using rig = await openAdmin();
  const cases = [
    ['operational', 200],
    ['impaired', 200],
    ['maintenanceMode', 200],
    ['outage', 503],
  ] as const;
  for (const [overall, status] of cases) {
    rig.facts = { ...HEALTHY, overall } satisfies StatusFacts;
    const answer = await call(rig.listening, '/healthz', { headers: LOCAL });
    assert.deepEqual([answer.status, JSON.parse(answer.text).status], [status, overall]);
    assert.equal(
      (await call(rig.listening, '/readyz')).status,
      200,
      'an upstream’s outage stops no notifications',
    );
  }
});

test('metrics come in the text form of Prometheus', async () => {
  await using rig = await openAdmin();
  const answer = await call(rig.listening, '/metrics', { headers: LOCAL });
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(answer.text, /^appliance_build_info/);
});

test('being asked does not keep a session alive', async () => {
  await using rig = await openAdmin();
  const cookie = cookieOf(await signIn(rig));
  rig.clock.advance(20 * 60_000);
  await call(rig.listening, '/healthz', { headers: { cookie } });
  rig.clock.advance(10 * 60_000);
  const headers = { cookie, 'x-test-address': '192.0.2.1' };
  assert.equal((await call(rig.listening, '/healthz', { headers })).status, 401);
});
