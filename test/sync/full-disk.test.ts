import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type Listening, listen } from '../../src/net/listen.ts';
import type { Closing } from '../../src/sync/closing.ts';
import { acceptHints } from '../../src/sync/intake.ts';
import { publicApp } from '../../src/web/public-listener.ts';
import { job, WorkerRig } from './worker-rig.ts';

const TENANT = '0a000000-0000-4000-8000-000000000001';
/** More than fits into what is free on any page. */
const LARGE = 'x'.repeat(20_000);

const large = (name: string, told: () => void): Closing => ({
  write: (w) => w.setSetting(name, LARGE),
  told,
});

/** The public listener over the rig's store, as the appliance opens it, on a real socket. */
async function listening(t: TestContext, rig: WorkerRig): Promise<Listening> {
  const settings = { settleMs: 0, settleMaxMs: 0 };
  const app = publicApp({
    tenantId: TENANT,
    clock: rig.deps.clock,
    subscription: (id) => rig.store.read((r) => r.subscription(id)),
    accept: (hints) => acceptHints({ ...rig.deps, settings }, hints),
    acceptLifecycle: async () => undefined,
    count: () => undefined,
    answered: () => undefined,
  });
  const fetch = (request: Request) => app.fetch(request);
  const opened = await listen({ fetch, host: '127.0.0.1', port: 0, tls: null });
  t.after(() => opened.close());
  return opened;
}

function subscribe(rig: WorkerRig): void {
  rig.store.write((w) => {
    const sealed = { addressSealed: new Uint8Array(60), addressHash: new Uint8Array(32), addressKey: 'd' };
    const mailbox = w.addMailbox({ kind: 'person', ...sealed }, 0);
    w.setMailboxState(mailbox.id, { state: 'activated', reason: null, failures: 0, retryAt: null }, 0);
    w.putSubscription({
      id: 'sub',
      mailboxId: mailbox.id,
      clientStateHash: createHash('sha256').update('state').digest(),
      notificationUrl: 'https://appliance.example/graph/notifications',
      expiresAt: Number.MAX_SAFE_INTEGER,
      createdAt: 0,
    });
  });
}

/** Many events at once, so that they need more than one page. */
async function notify(url: string, name: string): Promise<number> {
  const item = (n: number) => ({
    subscriptionId: 'sub',
    clientState: 'state',
    tenantId: TENANT,
    changeType: 'updated',
    resourceData: { id: `${name}${String(n).padStart(150, 'A')}` },
  });
  const answer = await fetch(`${url}/graph/notifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: Array.from({ length: 100 }, (_, n) => item(n)) }),
  });
  return answer.status;
}

const waiting = (rig: WorkerRig): number => rig.states().filter((state) => !state.endsWith(' done')).length;

test('on a full disk nothing is lost and nothing ends: settling waits, Graph hears 503, and all drains when there is room', async (t) => {
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key }) => {
      if (key === 'first') rig.fillDisk();
      return large(key, () => rig.tell(`settled ${key}`));
    },
  });
  subscribe(rig);
  const { url } = await listening(t, rig);
  rig.enqueue(job('first'));
  rig.worker.start();
  await rig.until(() => rig.full.length > 0);
  assert.deepEqual(rig.told, ['fault DISK_FULL']);
  assert.deepEqual(
    rig.store.read((r) => r.alarms().map(({ id, reason }) => [id, reason])),
    [['disk-full', 'DISK_FULL']],
  );
  assert.equal(await notify(url, 'refused'), 503);
  assert.equal(await notify(url, 'again'), 503);
  assert.deepEqual(rig.told, ['fault DISK_FULL'], 'one outage is reported once');
  assert.deepEqual(rig.states(), ['first leased']);

  rig.makeRoom();
  assert.equal(await notify(url, 'taken'), 202);
  await rig.until(() => rig.told.length === 102 && waiting(rig) === 0);
  assert.deepEqual(rig.full, [true, false]);
  assert.deepEqual(
    rig.store.read((r) => r.alarms()),
    [],
  );
  assert.equal(rig.told.filter((what) => what === 'settled first').length, 1);
  assert.equal(rig.store.database.pragma('integrity_check', { simple: true }), 'ok');
});

test('while settlings wait for room no more than one further round of jobs is begun', async (t) => {
  const begun: string[] = [];
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key }) => {
      if (begun.push(key) === 1) rig.fillDisk();
      return large(key, () => rig.tell(key));
    },
  });
  subscribe(rig);
  const { url } = await listening(t, rig);
  rig.enqueue(...Array.from({ length: 60 }, (_, n) => job(`key ${n}`)));
  rig.worker.start();
  await rig.until(() => rig.full.length > 0);
  // Each refused notification wakes the worker, which looks again.
  for (let n = 0; n < 3; n += 1) assert.equal(await notify(url, `refused-${n}`), 503);
  const few = begun.length;
  assert.ok(few <= 32, `${few} were begun`);
  assert.equal(await notify(url, 'refused-once-more'), 503);
  assert.equal(begun.length, few);
  rig.makeRoom();
  await rig.until(() => rig.told.length === 61);
  assert.equal(new Set(begun).size, 60);
  assert.equal(begun.length, 60, 'none was begun twice');
});

test('a stop on a full disk does not hang; the next start revives what could not be settled', async (t) => {
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key }) => {
      rig.fillDisk();
      return large(key, () => rig.tell('settled'));
    },
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => rig.full.length > 0);
  await rig.worker.stop();
  assert.deepEqual(rig.states(), ['a leased']);
  rig.makeRoom();
  assert.equal(
    rig.store.write((w) => w.reviveLeased()),
    1,
  );
  assert.deepEqual(rig.states(), ['a waiting']);
});
