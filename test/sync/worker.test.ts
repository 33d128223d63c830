import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { type Closing, NOTHING } from '../../src/sync/closing.ts';
import { job, WorkerRig } from './worker-rig.ts';

const setting = (name: string, told: () => void): Closing => ({
  write: (w) => w.setSetting(name, 'written'),
  told,
});

test('a job’s last write and its completion are there together, and are told afterwards', async (t) => {
  const rig = WorkerRig.start(t, {
    'sync-event': async () => setting('a', () => rig.tell(rig.states().join())),
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => rig.told.length === 1);
  assert.deepEqual(rig.told, ['a done']);
  assert.equal(
    rig.store.read((r) => r.setting('a')),
    'written',
  );
});

test('a late worker, whose lease was taken away meanwhile, writes nothing', async (t) => {
  let runs = 0;
  const rig = WorkerRig.start(t, {
    'sync-event': async () => {
      runs += 1;
      // What a start of another process does with every lease.
      if (runs === 1) rig.store.write((w) => w.reviveLeased());
      return setting(`run ${runs}`, () => rig.tell(`run ${runs}`));
    },
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => rig.told.length === 1);
  assert.deepEqual(rig.told, ['run 2']);
  assert.equal(
    rig.store.read((r) => r.setting('run 1')),
    null,
  );
});

test('a last write that can not be made is a failure of the job, and leaves no half of it', async (t) => {
  const rig = WorkerRig.start(t, {
    'sync-event': async () => ({
      write: (w) => {
        w.setSetting('half', 'written');
        throw new AppError({
          code: 'invalid',
          reason: 'NOT_LIKE_THIS',
          message: 'No.',
          trackingId: 'ROUTER_1',
        });
      },
      told: () => rig.tell('told'),
    }),
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => rig.told.some((what) => what.startsWith('dead')));
  assert.equal(rig.told.at(-1), 'dead NOT_LIKE_THIS ROUTER_1');
  assert.deepEqual(rig.states(), ['a dead NOT_LIKE_THIS']);
  assert.equal(
    rig.store.read((r) => r.setting('half')),
    null,
  );
});

test('a job about an event is given up for good, one that keeps a mailbox going comes again in an hour', async (t) => {
  const failing = async (): Promise<Closing> => {
    throw new AppError({ code: 'invalid', reason: 'NOT_LIKE_THIS', message: 'No.' });
  };
  const rig = WorkerRig.start(t, { 'sync-event': failing, 'delta-round': failing });
  const began = Date.now();
  rig.enqueue(job('event'), job('1', { kind: 'delta-round', eventId: null }));
  rig.worker.start();
  await rig.until(() => rig.told.filter((what) => what.startsWith('dead')).length === 2);
  assert.deepEqual(rig.states().sort(), ['1 dead NOT_LIKE_THIS', '1 waiting', 'event dead NOT_LIKE_THIS']);
  const due = rig.store.read((r) => r.nextRunAt(['delta-round'])) ?? 0;
  assert.ok(due >= began + 3_600_000);
});

test('two jobs of one key never run at once, and sixteen others do', async (t) => {
  const running = new Set<string>();
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key, attempt }) => {
      assert.equal(running.has(key), false);
      running.add(key);
      most = Math.max(most, running.size);
      if (key === 'key 0' && attempt === 1) rig.enqueue(job(key));
      if (running.size === 16) gate.resolve();
      await gate.promise;
      running.delete(key);
      rig.tell(key);
      return NOTHING;
    },
  });
  rig.enqueue(...Array.from({ length: 20 }, (_, n) => job(`key ${n}`)));
  rig.worker.start();
  await rig.until(() => rig.told.length >= 21);
  assert.equal(most, 16);
  assert.equal(rig.told.filter((key) => key === 'key 0').length, 2);
});

test('trouble of a mailbox in a job that is about none lets the job rest all the same', async (t) => {
  let runs = 0;
  const facts = { code: 'forbidden', reason: 'DENIED', message: 'x', scope: 'mailbox' } as const;
  const rig = WorkerRig.start(t, {
    'sync-event': async () => {
      runs += 1;
      rig.tell('ran');
      throw new AppError(facts);
    },
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => runs > 0);
  await rig.worker.stop();
  const row: unknown = rig.store.database.prepare('SELECT run_at FROM jobs').get();
  assert.ok(Number(Reflect.get(Object(row), 'run_at')) > Date.now() + 50_000);
  assert.equal(runs, 1);
});

test('jobs that wait for Graph leave places for deliveries', async (t) => {
  const gate = Promise.withResolvers<void>();
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key }) => {
      await gate.promise;
      return setting(key, () => rig.tell(key));
    },
    deliver: async () => setting('delivery', () => rig.tell('delivered')),
  });
  const many = Array.from({ length: 20 }, (_, n) => job(`key ${n}`));
  rig.enqueue(...many, job('last', { kind: 'deliver', runAt: 1 }));
  rig.worker.start();
  await rig.until(() => rig.told.length === 1);
  assert.deepEqual(rig.told, ['delivered']);
  gate.resolve();
  await rig.until(() => rig.told.length === 21);
});

test('reminders, of which many come due at once, have places of their own, in a mailbox with other work too', async (t) => {
  const gate = Promise.withResolvers<void>();
  let reminding = 0;
  const rig = WorkerRig.start(t, {
    deliver: async () => {
      await gate.promise;
      return NOTHING;
    },
    remind: async (_, { key }) => {
      reminding += 1;
      if (reminding === 96) rig.tell('96 at a time');
      await gate.promise;
      return setting(key, () => rig.tell(key));
    },
  });
  const own = { mailboxId: 1 } as const;
  const deliveries = Array.from({ length: 16 }, (_, n) =>
    job(`d${n}`, { kind: 'deliver', ...(n < 3 ? own : {}) }),
  );
  const reminders = Array.from({ length: 100 }, (_, n) =>
    job(`r${n}`, { kind: 'remind', ...(n < 3 ? own : {}) }),
  );
  rig.enqueue(...deliveries, ...reminders);
  rig.worker.start();
  await rig.until(() => rig.told.length === 1);
  gate.resolve();
  await rig.until(() => rig.told.length === 101);
});

test('a delivery that gets no answer does not keep a reminder from trying', async (t) => {
  const gate = Promise.withResolvers<void>();
  const facts = {
    code: 'unavailable',
    reason: 'AWAY',
    message: 'x',
    scope: 'upstream',
    upstream: 'webex',
  } as const;
  const rig = WorkerRig.start(t, {
    deliver: async (_, { key }) => {
      if (key === 'first') throw new AppError(facts);
      rig.tell('delivers');
      await gate.promise;
      return NOTHING;
    },
    remind: async () => setting('reminder', () => rig.tell('reminded')),
  });
  rig.enqueue(job('first', { kind: 'deliver' }));
  rig.enqueue(job('second', { kind: 'deliver', runAt: 1 }));
  rig.worker.start();
  await rig.until(() => rig.told.includes('delivers'));
  rig.enqueue(job('a', { kind: 'remind' }));
  await rig.until(() => rig.told.includes('reminded'));
  gate.resolve();
});

test('a stop waits for the jobs that run and leases no more', async (t) => {
  const gate = Promise.withResolvers<void>();
  const rig = WorkerRig.start(t, {
    'sync-event': async (_, { key }) => {
      rig.tell(`begun ${key}`);
      await gate.promise;
      return setting(key, () => rig.tell(`settled ${key}`));
    },
  });
  rig.enqueue(job('a'));
  rig.worker.start();
  await rig.until(() => rig.told.length === 1);
  const stopped = rig.worker.stop();
  rig.enqueue(job('b'));
  gate.resolve();
  await stopped;
  assert.deepEqual(rig.told, ['begun a', 'settled a']);
  assert.deepEqual(rig.states(), ['a done', 'b waiting']);
});
