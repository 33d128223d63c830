import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { InboxRow } from '../../src/domain/rows.ts';
import { listen } from '../../src/net/listen.ts';
import { realClock } from '../../src/ops/clock.ts';
import { SECURITY_HEADERS } from '../../src/web/guard.ts';
import { type LifecycleItem, publicApp } from '../../src/web/public-listener.ts';
import { type Answer, call } from './web-rig.ts';

const TENANT = '7d1f6c1e-5b0a-4c57-9d4f-0d8a1b2c3d4e';
const SECRET = 'a random client state';
const KNOWN = {
  id: 'sub-1',
  mailboxId: 7,
  clientStateHash: createHash('sha256').update(SECRET).digest(),
  notificationUrl: 'https://calendar.example/graph/notifications',
  expiresAt: 0,
  createdAt: 0,
};
const ITEM = {
  subscriptionId: 'sub-1',
  subscriptionExpirationDateTime: '2026-11-24T00:00:00Z',
  tenantId: TENANT,
  clientState: SECRET,
  changeType: 'updated',
  resource: 'Users/guid/Events/AAMk-1=',
  resourceData: { '@odata.type': '#Microsoft.Graph.Event', '@odata.etag': 'W/"x"', id: 'AAMk-1=' },
};
const HINT = {
  subscriptionId: 'sub-1',
  mailboxId: 7,
  eventId: 'AAMk-1=',
  changeType: 'updated',
  etag: 'W/"x"',
};

async function openPublic() {
  const seen = {
    hints: [] as InboxRow[][],
    lifecycle: [] as LifecycleItem[],
    counts: {} as Record<string, number>,
    lookups: 0,
    broken: false,
    durations: [] as number[],
  };
  const app = publicApp({
    tenantId: TENANT,
    clock: realClock(),
    answered: (durationMs) => void seen.durations.push(durationMs),
    subscription: (id) => {
      seen.lookups += 1;
      return id === KNOWN.id ? KNOWN : null;
    },
    accept: async (hints) => {
      if (seen.broken) throw new Error('disk full');
      seen.hints.push([...hints]);
    },
    acceptLifecycle: async (items) => void seen.lifecycle.push(...items),
    count: (result, n) => {
      seen.counts[result] = (seen.counts[result] ?? 0) + n;
    },
  });
  const listening = await listen({ fetch: (r) => app.fetch(r), host: '127.0.0.1', port: 0, tls: null });
  const post = (json: unknown, path = '/graph/notifications', type = 'application/json; charset=utf-8') =>
    call(listening, path, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof json === 'string' ? json : JSON.stringify(json),
    });
  return Object.assign(seen, { listening, post, [Symbol.asyncDispose]: () => listening.close() });
}

function assertBare(answer: Answer, status: number): void {
  assert.equal(answer.status, status);
  assert.equal(answer.text, '');
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) assert.equal(answer.headers[name], value);
}

test('answers the two addresses and nothing else', async () => {
  await using rig = await openPublic();
  for (const path of ['/', '/livez', '/status', '/graph', '/graph/notifications/', '/sign-in']) {
    for (const method of ['GET', 'POST']) assertBare(await call(rig.listening, path, { method }), 404);
  }
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    assertBare(await call(rig.listening, '/graph/notifications', { method }), 404);
  }
});

test('echoes a validation token decoded, as plain text and without a look at the store (promise 1)', async () => {
  await using rig = await openPublic();
  for (const path of ['/graph/notifications', '/graph/lifecycle']) {
    const token = 'Validation: Testing <b>reachability</b> & id=1+1';
    const query = `validationToken=${encodeURIComponent(token).replaceAll('%20', '+')}`;
    const answer = await call(rig.listening, `${path}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, token);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  const long = await call(rig.listening, `/graph/lifecycle?validationToken=${'x'.repeat(4097)}`, {
    method: 'POST',
  });
  assertBare(long, 400);
  assert.equal(rig.lookups, 0);
});

test('hands good notifications over together and then answers 202', async () => {
  await using rig = await openPublic();
  const second = {
    ...ITEM,
    changeType: 'deleted',
    resourceData: null,
    resource: 'users/g/events/AAMk-2',
    more: [1],
  };
  assertBare(await rig.post({ value: [ITEM, second], extra: true }), 202);
  assert.deepEqual(rig.hints, [[HINT, { ...HINT, eventId: 'AAMk-2', changeType: 'deleted', etag: '' }]]);
  assert.deepEqual(rig.counts, { accepted: 2 });
});

test('forged, foreign and unreadable items are dropped, counted and answered like good ones (promise 2)', async () => {
  await using rig = await openPublic();
  const bad = [
    { ...ITEM, clientState: 'wrong' },
    { ...ITEM, clientState: null },
    { ...ITEM, subscriptionId: 'sub-2' },
    { ...ITEM, tenantId: '00000000-0000-0000-0000-000000000000' },
    { ...ITEM, resourceData: { id: 'x'.repeat(1025) } },
    { ...ITEM, resourceData: { id: 'with\nbreak' } },
    { ...ITEM, subscriptionId: 7 },
    'text',
  ];
  for (const item of bad) assertBare(await rig.post({ value: [item] }), 202);
  assert.deepEqual(rig.hints, []);
  assert.deepEqual(rig.counts, {
    'wrong-client-state': 2,
    'unknown-subscription': 1,
    'wrong-tenant': 1,
    malformed: 4,
  });
  assertBare(await rig.post({ value: [...bad, ITEM] }), 202);
  assert.deepEqual(rig.hints, [[HINT]]);
});

test('what is no batch is refused and counted', async () => {
  await using rig = await openPublic();
  const deep = `{"value":[${'['.repeat(10_000)}${']'.repeat(10_000)}]}`;
  const many = { value: Array.from({ length: 1001 }, () => ITEM) };
  for (const body of ['', '{', 'null', '[]', '{"value":{}}', deep, many])
    assertBare(await rig.post(body), 400);
  assertBare(await rig.post({ value: [ITEM] }, '/graph/notifications', 'text/plain'), 400);
  assertBare(await rig.post(' '.repeat(1024 * 1024 + 1)), 413);
  assert.deepEqual(rig.hints, []);
  assert.deepEqual(rig.counts, { malformed: 9 });
});

test('a body without a length is cut off at the limit too', async () => {
  await using rig = await openPublic();
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(64 * 1024).fill(32));
    },
  });
  const answer = publicApp({
    tenantId: TENANT,
    clock: realClock(),
    answered: () => undefined,
    subscription: () => null,
    accept: () => Promise.resolve(),
    acceptLifecycle: () => Promise.resolve(),
    count: () => undefined,
  }).fetch(new Request(`${rig.listening.url}/graph/notifications`, { method: 'POST', body, duplex: 'half' }));
  assert.equal((await answer).status, 413);
});

test('answers 503 when the commit fails, so that Graph sends again', async () => {
  await using rig = await openPublic();
  rig.broken = true;
  assertBare(await rig.post({ value: [ITEM] }), 503);
  assert.deepEqual(rig.counts, {});
  rig.broken = false;
  assertBare(await rig.post({ value: [ITEM] }), 202);
  assert.deepEqual(rig.hints, [[HINT]]);
});

test('lifecycle notifications go their own way on either address', async () => {
  await using rig = await openPublic();
  const item = (lifecycleEvent: string) => ({
    subscriptionId: 'sub-1',
    tenantId: TENANT,
    clientState: SECRET,
    lifecycleEvent,
  });
  assertBare(
    await rig.post({ value: [item('missed'), item('subscriptionRemoved')] }, '/graph/lifecycle'),
    202,
  );
  assertBare(await rig.post({ value: [item('reauthorizationRequired')] }), 202);
  assertBare(
    await rig.post(
      { value: [{ ...item('missed'), clientState: 'wrong' }, item('other')] },
      '/graph/lifecycle',
    ),
    202,
  );
  const of = (event: string) => ({ subscriptionId: 'sub-1', mailboxId: 7, event });
  assert.deepEqual(rig.lifecycle, [of('missed'), of('subscriptionRemoved'), of('reauthorizationRequired')]);
  assert.deepEqual(rig.hints, []);
});

test('measures each answer to Graph and nothing else', async () => {
  await using rig = await openPublic();
  await rig.post({ value: [ITEM] });
  rig.broken = true;
  await rig.post({ value: [ITEM] });
  await call(rig.listening, '/');
  assert.equal(rig.durations.length, 2);
  assert.ok(rig.durations.every((ms) => ms > 0 && ms < 60_000));
});
