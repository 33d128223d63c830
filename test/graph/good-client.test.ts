import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { CallWindow } from '../../src/graph/call-window.ts';
import { Limiter } from '../../src/graph/limiter.ts';
import { eventJson, GUID, makeGraphRig, refusal } from './graph-rig.ts';

const booking = {
  subject: 'x',
  body: { contentType: 'html', content: '' },
  startAt: Date.UTC(2026, 11, 1),
  endAt: Date.UTC(2026, 11, 2),
  location: '',
  attendees: [],
  transactionId: 'our-own-id',
} as const;

/** A clock on which sleeping moves the time. */
function skippingClock() {
  let at = 0;
  const slept: number[] = [];
  const clock = {
    now: () => at,
    monotonicMs: () => at,
    sleep: async (ms: number) => {
      slept.push(ms);
      at += ms;
    },
  };
  return { clock, slept, pass: (ms: number) => (at += ms) };
}

test('a 429 is waited for as long as it asks, with a fraction, before the call goes out again (promise 14)', async () => {
  let refusals = 1;
  await using rig = await makeGraphRig(() => {
    refusals -= 1;
    const busy = refusal(429, 'ApplicationThrottled');
    return refusals >= 0 ? { ...busy, headers: { 'retry-after': '0.75' } } : { json: eventJson() };
  });
  assert.equal((await rig.source.readEvent(GUID, 'x')).kind, 'found');
  assert.ok((rig.slept[0] ?? 0) >= 750);
  assert.equal(rig.asked.length, 2);
});

test('a wait may be a date, and where none is asked for it is ours (promise 14)', async () => {
  const inMs = 9_000;
  for (const [headers, least, most] of [
    [{ 'retry-after': new Date(Date.now() + inMs).toUTCString() }, inMs - 2_000, inMs + 1_000],
    [{}, 250, 750],
    [{ 'retry-after': 'soon' }, 250, 750],
  ] as const) {
    let refusals = 1;
    await using rig = await makeGraphRig(() => {
      refusals -= 1;
      return refusals >= 0 ? { ...refusal(429, 'TooManyRequests'), headers } : { json: eventJson() };
    });
    assert.equal((await rig.source.readEvent(GUID, 'x')).kind, 'found');
    const [waited = 0] = rig.slept;
    assert.ok(waited >= least && waited <= most, `${JSON.stringify(headers)}: ${waited}`);
  }
});

test('a longer wait goes back to the queue with the time that was asked for', async () => {
  await using rig = await makeGraphRig(() => ({
    ...refusal(429, 'TooManyRequests'),
    headers: { 'retry-after': '120' },
  }));
  await assert.rejects(rig.source.readEvent(GUID, 'x'), (thrown) => {
    assert.ok(thrown instanceof AppError);
    assert.deepEqual([thrown.code, thrown.scope, thrown.retryAfterMs], ['throttled', 'mailbox', 120_000]);
    return true;
  });
  assert.equal(rig.asked.length, 1);
});

test('a lost answer to a booking goes out again under the same transactionId and finds the one event (promise 12)', async () => {
  let calls = 0;
  await using rig = await makeGraphRig(() => {
    calls += 1;
    if (calls === 1) return { cut: true };
    const { json } = refusal(409, 'ErrorDuplicateTransactionId') as { json: { error: object } };
    return { status: 409, json: { error: { ...json.error, '@event.existingEventId': 'the-event' } } };
  });
  assert.equal(await rig.source.createEvent(GUID, booking), 'the-event');
  const ids = rig.asked.map(({ body }) => JSON.parse(body).transactionId);
  assert.deepEqual(ids, ['our-own-id', 'our-own-id']);
});

test('a lost answer to a response is looked for and never repeated', async () => {
  await using rig = await makeGraphRig(({ method }) =>
    method === 'POST' ? { cut: true } : { json: eventJson({ responseStatus: { response: 'accepted' } }) },
  );
  await rig.source.respond(GUID, 'x', 'accept', null);
  assert.deepEqual(
    rig.asked.map(({ method }) => method),
    ['POST', 'GET'],
  );
  await assert.rejects(rig.source.respond(GUID, 'x', 'decline', null));
  assert.equal(rig.asked.filter(({ method }) => method === 'POST').length, 2);
});

test('a response is sent with its comment, and an empty 202 that calls itself JSON is fine (promise 22)', async () => {
  await using rig = await makeGraphRig(() => ({
    status: 202,
    headers: { 'content-type': 'application/json' },
    text: '',
  }));
  await rig.source.respond(GUID, 'x/+', 'tentativelyAccept', 'Perhaps');
  const [asked] = rig.asked;
  assert.equal(asked?.url, `/v1.0/users/${GUID}/calendar/events/x%2F%2B/tentativelyAccept`);
  assert.deepEqual(JSON.parse(asked.body), { sendResponse: true, comment: 'Perhaps' });
});

test('deleting twice is deleting', async () => {
  await using rig = await makeGraphRig(() => ({ status: 204 }));
  await rig.source.deleteEvent(GUID, 'x');
  rig.graph = () => refusal(404, 'ErrorItemNotFound');
  await rig.source.deleteEvent(GUID, 'x');
});

test('of one mailbox at most three calls run at a time', async () => {
  let running = 0;
  let most = 0;
  const limiter = new Limiter(skippingClock().clock);
  const call = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => limiter.run('one', call)));
  assert.equal(most, 3);
});

test('the tenant’s bound grows in quiet minutes and is halved by a 429', async () => {
  const { clock, pass } = skippingClock();
  const limiter = new Limiter(clock);
  assert.equal(limiter.places, 4);
  for (let minute = 0; minute < 20; minute += 1) {
    pass(60_000);
    await limiter.run(null, async () => undefined);
  }
  assert.equal(limiter.places, 16);
  limiter.throttled();
  assert.equal(limiter.places, 8);
  await limiter.run(null, async () => undefined);
  assert.equal(limiter.places, 8, 'not before a quiet minute has passed');
});

test('a window that is full lets the next call wait until the oldest minute has passed', async () => {
  const { clock, slept } = skippingClock();
  const window = new CallWindow(clock, 5);
  for (let n = 0; n < 6; n += 1) await window.enter();
  assert.equal(
    slept.reduce((sum, ms) => sum + ms, 0),
    600_000,
  );
});
