import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { RotationOrder } from '../../src/domain/key-report.ts';
import { listen } from '../../src/net/listen.ts';
import { commandApp } from '../../src/web/command-socket.ts';
import { verifyPassword } from '../../src/web/password.ts';
import { AUDIT_SAMPLE } from './audit-sample.ts';
import { EGRESS_SAMPLE } from './egress-sample.ts';
import { KEYS } from './key-samples.ts';
import { leavingAnswers } from './leaving-answers.ts';
import { HEALTHY } from './status-samples.ts';
import { call, PASSWORD, testRandom } from './web-rig.ts';

async function openSocket() {
  const folder = await mkdtemp(join(tmpdir(), 'command-'));
  const socketPath = join(folder, 'command.sock');
  const seen = {
    leads: [] as (number | null)[],
    rotations: [] as RotationOrder[],
    mailboxes: [] as string[],
    admins: [] as string[][],
    faults: [] as unknown[],
  };
  const app = commandApp({
    random: testRandom,
    addMailbox: async (address, kind) => {
      if (kind === 'room')
        throw new AppError({ code: 'unavailable', reason: 'NO_USABLE_KEY', message: 'No key.' });
      const created = !seen.mailboxes.includes(address);
      if (created) seen.mailboxes.push(address);
      return { id: seen.mailboxes.indexOf(address) + 1, created };
    },
    retryMailbox: async (address) => seen.mailboxes.includes(address),
    removeMailbox: async (address) =>
      seen.mailboxes.splice(seen.mailboxes.indexOf(address) >>> 0, 1).length > 0,
    resyncMailbox: async (address) => address === null || seen.mailboxes.includes(address),
    resyncProgress: () => ({ mailboxes: 3, resting: 1, meetings: 40 }),
    setReminderLead: async (address, leadMs) => {
      seen.leads.push(leadMs);
      return seen.mailboxes.includes(address);
    },
    mailboxes: async () => HEALTHY.mailboxes,
    traces: async () => [],
    undecorate: async (address) => (address === null ? 7 : null),
    setAdmin: async (name, hash) => void seen.admins.push([name, hash]),
    makeSetupLink: (reset) => (reset ? 'https://localhost:9443/setup#token' : null),
    health: () => HEALTHY,
    egress: () => EGRESS_SAMPLE,
    ...leavingAnswers(),
    auditHead: () => Promise.reject(new Error('nothing is signed here')),
    auditRows: (first, limit) => AUDIT_SAMPLE.slice(first - 1, first - 1 + limit),
    keys: () => KEYS,
    rotateKeys: async (order) => {
      seen.rotations.push(order);
      return order.of === 'mailbox' && !seen.mailboxes.includes(order.address) ? 'unknown' : 'asked';
    },
    fault: (error) => seen.faults.push(error),
  });
  const listening = await listen({ fetch: (r) => app.fetch(r), socketPath });
  const post = (path: string, json: unknown) =>
    call({ socketPath }, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
  const dispose = async () => {
    await listening.close();
    await rm(folder, { recursive: true });
  };
  return Object.assign(seen, { socketPath, post, [Symbol.asyncDispose]: dispose });
}

test('adds a mailbox once and lists mailboxes', async () => {
  await using rig = await openSocket();
  const body = { address: 'alex@contoso.example', kind: 'person' };
  const first = await rig.post('/mailboxes', body);
  const second = await rig.post('/mailboxes', body);
  assert.deepEqual([first.status, first.text], [201, '{"id":1,"created":true}']);
  assert.deepEqual([second.status, second.text], [200, '{"id":1,"created":false}']);
  const list = JSON.parse((await call(rig, '/mailboxes')).text);
  assert.deepEqual(list.mailboxes[0], {
    id: 1,
    kind: 'person',
    address: 'alex.berg@contoso.example',
    state: 'activated',
    reason: null,
  });
  assert.equal((await stat(rig.socketPath)).mode & 0o777, 0o600);
});

test('retries and removes a mailbox by its address, and says when there is none', async () => {
  await using rig = await openSocket();
  await rig.post('/mailboxes', { address: 'alex@contoso.example', kind: 'person' });
  const [known, unknown] = [{ address: 'alex@contoso.example' }, { address: 'nobody@contoso.example' }];
  const statuses = [];
  for (const path of ['/mailboxes/retry', '/mailboxes/remove'])
    for (const body of [unknown, known]) statuses.push((await rig.post(path, body)).status);
  assert.deepEqual(statuses, [404, 202, 404, 202]);
  assert.equal((await rig.post('/mailboxes/remove', known)).status, 404);
  assert.equal((await rig.post('/mailboxes/remove', { address: 'no-at' })).status, 400);
});

test('an address is taken in any spelling of its domain, and with the signs that Exchange takes', async () => {
  await using rig = await openSocket();
  for (const address of ["O'Neil+x#1@müller.example", "o'neil+x#1@XN--MLLER-KVA.example"])
    assert.ok((await rig.post('/mailboxes', { address, kind: 'person' })).status < 300);
  assert.deepEqual(rig.mailboxes, ["o'neil+x#1@xn--mller-kva.example"]);
});

test('says which field is wrong and quotes nothing', async () => {
  await using rig = await openSocket();
  for (const address of [
    'no-at',
    'two@@x.example',
    'a b@x.example',
    '<x@y.example>',
    'x@y',
    'x@-y.example',
    '"x y"@y.example',
    'jörg@y.example',
    'x..y@y.example',
    `${'x'.repeat(70)}@y.example`,
  ]) {
    const answer = await rig.post('/mailboxes', { address, kind: 'person' });
    assert.equal(answer.status, 400, address);
    assert.match(answer.text, /address must be/);
    assert.ok(!answer.text.includes(address));
  }
  const kind = await rig.post('/mailboxes', { address: 'a@b.example', kind: 'robot' });
  assert.deepEqual(JSON.parse(kind.text), {
    status: 400,
    reason: 'INVALID_FIELD',
    detail: 'kind must be person or room.',
  });
  assert.equal((await rig.post('/mailboxes', 'text')).status, 400);
  assert.equal((await call(rig, '/mailboxes', { method: 'POST', body: '{' })).status, 400);
  assert.equal((await rig.post('/mailboxes', { address: 'x'.repeat(70_000) })).status, 413);
});

test('a refusal of the appliance keeps its reason', async () => {
  await using rig = await openSocket();
  const answer = await rig.post('/mailboxes', { address: 'room@contoso.example', kind: 'room' });
  assert.deepEqual(JSON.parse(answer.text), { status: 503, reason: 'NO_USABLE_KEY', detail: 'No key.' });
});

test('an administrator is handed over with a hash, never with the password', async () => {
  await using rig = await openSocket();
  assert.equal((await rig.post('/admins', { name: 'ops', password: PASSWORD })).status, 204);
  const [admin] = rig.admins;
  assert.equal(admin?.[0], 'ops');
  assert.equal(await verifyPassword(PASSWORD, admin?.[1] ?? ''), true);
  const short = await rig.post('/admins', { name: 'ops', password: 'short' });
  assert.equal(short.status, 400);
  assert.match(short.text, /15 characters/);
});

test('a password that holds the name or the product’s is refused', async () => {
  await using rig = await openSocket();
  for (const password of ['operations rule 2026', 'Hybrid-Calendar forever', 'my WebEx is fine today']) {
    const answer = await rig.post('/admins', { name: 'Operations', password });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /must not hold the name/);
  }
  assert.equal(rig.admins.length, 0);
});

test('hands out a set-up link, but not beside an administrator unless that is meant', async () => {
  await using rig = await openSocket();
  const refused = await rig.post('/setup-links', { reset: false });
  assert.deepEqual([refused.status, JSON.parse(refused.text).reason], [409, 'ADMIN_EXISTS']);
  const made = await rig.post('/setup-links', { reset: true });
  assert.deepEqual([made.status, made.text], [201, '{"url":"https://localhost:9443/setup#token"}']);
  assert.match((await rig.post('/setup-links', {})).text, /reset must be true or false/);
});

test('has mailboxes read anew, one or all, and tells what is left', async () => {
  await using rig = await openSocket();
  await rig.post('/mailboxes', { address: 'a@b.example', kind: 'person' });
  assert.equal((await rig.post('/mailboxes/resync', { address: 'A@B.example' })).status, 202);
  assert.equal((await rig.post('/mailboxes/resync', { address: null })).status, 202);
  assert.equal((await rig.post('/mailboxes/resync', { address: 'x@b.example' })).status, 404);
  assert.equal((await rig.post('/mailboxes/resync', {})).status, 400);
  assert.deepEqual(JSON.parse((await call(rig, '/mailboxes/resync')).text), {
    mailboxes: 3,
    resting: 1,
    meetings: 40,
  });
});

test('sets the lead of reminders within its bounds', async () => {
  await using rig = await openSocket();
  const address = 'a@b.example';
  await rig.post('/mailboxes', { address, kind: 'person' });
  for (const reminderLeadMs of [0, 1_800_000, null])
    assert.equal((await rig.post('/mailboxes/set', { address, reminderLeadMs })).status, 204);
  assert.deepEqual(rig.leads, [0, 1_800_000, null]);
  for (const reminderLeadMs of [-1, 1_800_001, 1.5, '5']) {
    const answer = await rig.post('/mailboxes/set', { address, reminderLeadMs });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /reminderLeadMs must be/);
  }
  const unknown = { address: 'x@b.example', reminderLeadMs: 0 };
  assert.equal((await rig.post('/mailboxes/set', unknown)).status, 404);
});

test('tells the status without any address and knows no other path', async () => {
  await using rig = await openSocket();
  const { text } = await call(rig, '/status');
  assert.equal(JSON.parse(text).status, 'operational');
  assert.equal(JSON.parse(text).version, HEALTHY.version);
  assert.doesNotMatch(text, /@/);
  assert.equal((await call(rig, '/else')).status, 404);
});

test('tells how the keys stand, and has them renewed', async () => {
  await using rig = await openSocket();
  const { mailboxes, rotation, outage } = JSON.parse((await call(rig, '/keys')).text);
  assert.deepEqual([mailboxes.sealing, rotation.left, outage], [11, 7, null]);
  await rig.post('/mailboxes', { address: 'alex@contoso.example', kind: 'person' });
  const orders = [
    { of: 'mailboxes' },
    { of: 'directory' },
    { of: 'mailbox', address: 'Alex@contoso.example' },
  ] as const;
  for (const order of orders) {
    const answer = await rig.post('/keys/rotate', order);
    assert.deepEqual([answer.status, answer.text], [202, '{"state":"asked"}']);
  }
  assert.deepEqual(rig.rotations[2], { of: 'mailbox', address: 'alex@contoso.example' });
  assert.equal(
    (await rig.post('/keys/rotate', { of: 'mailbox', address: 'nobody@contoso.example' })).status,
    404,
  );
  for (const wrong of [{}, { of: 'all' }, { of: 'mailbox' }])
    assert.equal((await rig.post('/keys/rotate', wrong)).status, 400);
});
