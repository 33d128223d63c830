import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '../../src/domain/app-error.ts';
import { HeldKeys } from '../../src/kms/held-keys.ts';
import { kmsFault, refusedAppliance } from '../../src/kms/kms-fault.ts';
import { fault, text } from './kms-rig.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIMIT_MS = 24 * HOUR_MS;
const EPOCH = Date.UTC(2026, 11, 1);
const DOWN = kmsFault('unavailable', 'UNREACHABLE', 'down');

/** Keys in memory before a KMS that is a function, under a clock that stands still until it is moved. */
function bench() {
  let passed = 0;
  let setBack = 0;
  const asked: string[] = [];
  const lent: Buffer[] = [];
  type Answer = AppError | { sealUntil: number | null };
  const state: { answer: Answer | Promise<Answer> } = { answer: { sealUntil: null } };
  const held = new HeldKeys({
    clock: { now: () => EPOCH + passed - setBack, monotonicMs: () => passed, sleep: async () => undefined },
    maxOfflineMs: LIMIT_MS,
    revalidateMs: HOUR_MS,
    retrieve: async (uri) => {
      asked.push(uri);
      const answer = await state.answer;
      if (answer instanceof Error) throw answer;
      const bytes = Buffer.alloc(32, uri);
      lent.push(bytes);
      return { uri, bytes, ...answer };
    },
  });
  const use = async (uri: string): Promise<string> => {
    await held.ready([uri]);
    return text(held.bytes(uri, 'open'));
  };
  return {
    held,
    asked,
    lent,
    state,
    use,
    pass: (ms: number) => {
      passed += ms;
    },
    /** Sets the clock on the wall back; with less than nothing it is as if the machine had slept so long. */
    setBack: (ms: number) => {
      setBack += ms;
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('While the KMS is out of reach a key serves to the minute of its limit, and not once longer', async () => {
  const { held, state, use, pass } = bench();
  const key = await use('a');
  assert.equal(held.outage(), null);
  state.answer = DOWN;
  pass(LIMIT_MS - 1);
  assert.equal(await use('a'), key);
  assert.deepEqual(held.outage(), {
    since: EPOCH + LIMIT_MS - 1,
    reason: 'KMS_UNREACHABLE',
    firstEndAt: EPOCH + LIMIT_MS,
    lastEndAt: EPOCH + LIMIT_MS,
  });
  pass(1);
  await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'));
  pass(-1);
  await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'), 'it is gone for good');
});

test('C7: an outage of 24 hours and a minute stops each key at its own limit, and one answer heals everything', async () => {
  const { held, state, use, pass } = bench();
  await use('old');
  pass(30 * MINUTE_MS);
  await use('young');
  state.answer = DOWN;
  pass(LIMIT_MS - 30 * MINUTE_MS + MINUTE_MS);
  await assert.rejects(use('old'), fault('unavailable', 'KMS_UNREACHABLE'));
  await use('young');
  pass(30 * MINUTE_MS);
  await assert.rejects(use('young'), fault('unavailable', 'KMS_UNREACHABLE'));
  assert.deepEqual([held.outage()?.firstEndAt, held.outage()?.lastEndAt], [null, null]);
  state.answer = { sealUntil: null };
  await use('old');
  assert.equal(held.outage(), null);
});

test('An outage tells when the first and when the last of the keys in memory stops serving', async () => {
  const { held, state, use, pass } = bench();
  await use('old');
  pass(HOUR_MS);
  await use('young');
  pass(HOUR_MS);
  state.answer = DOWN;
  await use('young');
  const { firstEndAt, lastEndAt } = held.outage() ?? {};
  assert.deepEqual([firstEndAt, lastEndAt], [EPOCH + LIMIT_MS, EPOCH + LIMIT_MS + HOUR_MS]);
});

test('A clock that is set back or a machine that sleeps does not make a key serve longer', async () => {
  for (const [passes, back] of [
    [LIMIT_MS, LIMIT_MS],
    [0, -LIMIT_MS],
  ] as const) {
    const { state, use, pass, setBack } = bench();
    await use('a');
    state.answer = DOWN;
    pass(passes);
    setBack(back);
    await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'));
  }
});

test('A key that is young asks in passing too whether an outage is over, and serves meanwhile', async () => {
  const { held, asked, state, use, pass } = bench();
  await use('young');
  state.answer = DOWN;
  await assert.rejects(use('other'), fault('unavailable', 'KMS_UNREACHABLE'));
  await use('young');
  await turn();
  assert.deepEqual(asked, ['young', 'other'], 'not at once');
  pass(30_000);
  state.answer = { sealUntil: null };
  await use('young');
  await turn();
  assert.deepEqual([asked.length, held.outage()], [3, null]);
});

test('In a known outage nobody waits: the KMS is asked in passing, twice a minute at most', async () => {
  const { asked, state, use, pass } = bench();
  for (const uri of ['a', 'b', 'c']) await use(uri);
  pass(HOUR_MS);
  state.answer = DOWN;
  await use('a');
  assert.equal(asked.length, 4, 'the first one waits and finds it out');
  for (let n = 0; n < 10; n += 1) for (const uri of ['a', 'b', 'c']) await use(uri);
  await turn();
  assert.equal(asked.length, 4);
  pass(30_000);
  for (const uri of ['a', 'b', 'c']) await use(uri);
  await turn();
  assert.equal(asked.length, 5);
});

test('In a known outage one question is on its way: who needs another key meanwhile is told at once', async () => {
  const { asked, state, use } = bench();
  state.answer = DOWN;
  await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'));
  const silent = Promise.withResolvers<AppError | { sealUntil: null }>();
  state.answer = silent.promise;
  const waiting = [use('b'), use('b')];
  await assert.rejects(use('c'), fault('unavailable', 'KMS_UNREACHABLE'));
  assert.deepEqual(asked, ['a', 'b']);
  silent.resolve({ sealUntil: null });
  await Promise.all(waiting);
  await Promise.all([use('c'), use('d')]);
  assert.deepEqual(asked, ['a', 'b', 'c', 'd'], 'the outage is over');
});

test('What is found out in passing counts: a key that was refused meanwhile is gone, one that was given is fresh', async () => {
  for (const answer of [kmsFault('forbidden', 'KEY_REVOKED', 'x'), { sealUntil: null }]) {
    const { state, use, pass, held } = bench();
    await use('a');
    pass(HOUR_MS);
    state.answer = DOWN;
    await use('a');
    state.answer = answer;
    pass(30_000);
    await use('a');
    await turn();
    assert.equal(held.outage(), null);
    state.answer = DOWN;
    if (answer instanceof Error) await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'));
    else assert.equal(await use('a'), await use('a'));
  }
});

test('A refusal is no outage: the copy goes with the first 401, 403 or 405, however young it is', async () => {
  for (const refusal of [
    refusedAppliance(),
    kmsFault('forbidden', 'KEY_REFUSED', 'x'),
    kmsFault('not_found', 'KEY_GONE', 'x'),
    kmsFault('tampered', 'ANSWER_TAMPERED', 'x'),
  ]) {
    const { state, use, pass } = bench();
    await use('a');
    pass(HOUR_MS);
    state.answer = refusal;
    await assert.rejects(use('a'), { reason: refusal.reason });
    state.answer = DOWN;
    await assert.rejects(use('a'), fault('unavailable', 'KMS_UNREACHABLE'));
  }
});

test('A key that the KMS ends earlier at a validation seals no more from then on', async () => {
  const { held, state, use, pass } = bench();
  state.answer = { sealUntil: EPOCH + LIMIT_MS };
  await use('a');
  assert.equal(held.bytes('a', 'seal').length, 32);
  state.answer = { sealUntil: EPOCH + HOUR_MS };
  pass(HOUR_MS);
  await use('a');
  assert.throws(() => held.bytes('a', 'seal'), fault('conflict', 'KMS_KEY_EXPIRED', 'job'));
  assert.equal(held.bytes('a', 'open').length, 32);
});

test('What comes from the KMS is wiped once it is kept, and what is kept at the end and on refusal', async () => {
  const { held, lent, use } = bench();
  await use('a');
  assert.deepEqual(lent[0], Buffer.alloc(32));
  const own = held.bytes('a', 'open');
  assert.equal(text(own), text(Buffer.alloc(32, 'a')));
  held.clear();
  assert.deepEqual(Buffer.from(own), Buffer.alloc(32));
  assert.throws(() => held.bytes('a', 'open'), fault('unavailable', 'KMS_KEY_NOT_HELD', 'job'));
  await use('a');
  const again = held.bytes('a', 'open');
  held.close();
  assert.deepEqual(Buffer.from(again), Buffer.alloc(32));
  await assert.rejects(use('a'), fault('unavailable', 'KMS_CLOSED'));
  assert.deepEqual(lent.at(-1), Buffer.alloc(32), 'what arrives too late is wiped as well');
});
