import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../src/domain/app-error.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { realClock } from '../../src/ops/clock.ts';
import { openEventStream } from '../../src/webex/event-stream.ts';
import { makeWebexRig } from './webex-rig.ts';

type Frame = Readonly<Record<string, unknown>>;

interface Peer {
  readonly socket: WebSocket;
  /** Path and query of the upgrade. */
  readonly url: string;
  /** Waits for the next frame. */
  next(): Promise<Frame>;
  ready(): void;
}

/** Time that passes a hundred times as fast, for sleeps and deadlines alike. */
function hurriedClock(): Clock {
  const real = realClock();
  return {
    now: () => real.now(),
    monotonicMs: () => real.monotonicMs() * 100,
    sleep: (ms, signal) => real.sleep(ms / 100, signal),
  };
}

async function makeRig(clock = realClock()) {
  const rig = await makeWebexRig(({ method }) => {
    if (method !== 'POST') return { status: 204 };
    const id = rig.asked.filter((asked) => asked.method === 'POST').length;
    const webSocketUrl = `${rig.origin.replace('https', 'wss')}/mercury/${id}?x=1`;
    return { json: { url: `${rig.origin}/wdm/api/v1/devices/${id}`, webSocketUrl, userId: 'u' } };
  });
  const hub = new WebSocketServer({ server: rig.server });
  const peers: Peer[] = [];
  const arrivals: ((peer: Peer) => void)[] = [];
  hub.on('connection', (socket, request) => {
    const peer = makePeer(socket, request.url ?? '');
    const waiting = arrivals.shift();
    if (waiting === undefined) peers.push(peer);
    else waiting(peer);
  });
  const faults: unknown[] = [];
  const refusals: string[] = [];
  const answers: (string | null)[] = [];
  const stream = openEventStream({
    ...rig.rest,
    clock,
    wdmUrl: `${rig.origin}/wdm/api/v1`,
    caPem: rig.caPem,
    allowedOrigins: [rig.origin],
    fault: (error) => faults.push(error),
    refused: () => refusals.push('refused'),
    answered: () => answers.push(stream.deviceUrl),
  });
  const peer = (): Promise<Peer> => {
    const known = peers.shift();
    return known === undefined ? new Promise((resolve) => arrivals.push(resolve)) : Promise.resolve(known);
  };
  return {
    rig,
    stream,
    peer,
    faults,
    refusals,
    answers,
    async [Symbol.asyncDispose]() {
      for (const socket of hub.clients) socket.terminate();
      await stream.close();
      hub.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

function makePeer(socket: WebSocket, url: string): Peer {
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const taker = waiting.shift();
    if (taker === undefined) frames.push(frame);
    else taker(frame);
  });
  return {
    socket,
    url,
    next: () => {
      const known = frames.shift();
      return known === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(known);
    },
    ready: () => socket.send(JSON.stringify({ id: 'r', data: { eventType: 'mercury.buffer_state' } })),
  };
}

test('registers, authorises, becomes ready and hands KMS messages on', async () => {
  await using world = await makeRig();
  const { stream, rig } = world;
  const heard = new Promise<readonly string[]>((resolve) => stream.onKmsMessages(resolve));
  const started = stream.start();
  const peer = await world.peer();
  assert.equal(peer.url, '/mercury/1?x=1&outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true');
  const authorization = await peer.next();
  assert.equal(authorization.type, 'authorization');
  assert.deepEqual(authorization.data, { token: 'Bearer the-token' });
  assert.equal(stream.deviceUrl, null, 'not before Webex accepted us');
  assert.deepEqual(world.answers, []);
  peer.ready();
  await started;
  assert.deepEqual(world.answers, [stream.deviceUrl]);
  assert.equal(stream.deviceUrl, `${rig.origin}/wdm/api/v1/devices/1`);
  assert.deepEqual(await peer.next(), { messageId: 'r', type: 'ack' });
  const encryption = { kmsMessages: ['one', 'two'] };
  peer.socket.send('no json');
  peer.socket.send(JSON.stringify({ id: 'm1', data: { eventType: 'encryption.kms_message', encryption } }));
  assert.deepEqual(await heard, ['one', 'two']);
  assert.deepEqual(await peer.next(), { messageId: 'm1', type: 'ack' });
  peer.socket.send(JSON.stringify({ type: 'ping', id: 'p1' }));
  assert.deepEqual(await peer.next(), { id: 'p1', type: 'pong' });
});

test('comes back with the same device after a break, with a new one after a refusal', async () => {
  await using world = await makeRig(hurriedClock());
  const { stream, rig } = world;
  const started = stream.start();
  const first = await world.peer();
  first.ready();
  await started;
  first.socket.terminate();
  const second = await world.peer();
  assert.match(second.url, /^\/mercury\/1\?/);
  assert.equal(stream.deviceUrl, null, 'nobody may wait for answers on a broken socket');
  second.socket.close(4401, 'who are you');
  const third = await world.peer();
  assert.match(third.url, /^\/mercury\/2\?/);
  assert.deepEqual(
    rig.asked.map(({ method }) => method),
    ['POST', 'DELETE', 'POST'],
  );
});

test('a socket that ends in good order comes back with its device only for a reason that is normal', async () => {
  await using world = await makeRig(hurriedClock());
  void world.stream.start();
  const normal = await world.peer();
  normal.ready();
  normal.socket.close(1000, 'Idle');
  const again = await world.peer();
  assert.match(again.url, /^\/mercury\/1\?/);
  again.ready();
  again.socket.close(1000, 'user went away');
  assert.match((await world.peer()).url, /^\/mercury\/2\?/);
});

test('has the token refreshed when Webex does not take it, and for no other reason', async () => {
  await using world = await makeRig(hurriedClock());
  void world.stream.start();
  (await world.peer()).socket.terminate();
  (await world.peer()).socket.close(4403, 'not yours');
  const third = await world.peer();
  assert.deepEqual(world.refusals, []);
  third.socket.close(4401, 'who are you');
  await world.peer();
  assert.deepEqual(world.refusals, ['refused']);
});

test('does not come back at once when it was sent away', async () => {
  const slept: number[] = [];
  const hurried = hurriedClock();
  const clock: Clock = {
    ...hurried,
    sleep: (ms, signal) => {
      slept.push(ms);
      return hurried.sleep(ms, signal);
    },
  };
  await using world = await makeRig(clock);
  void world.stream.start();
  for (const [code, leastMs] of [
    [4000, 60_000],
    [1003, 60_000],
    [4400, 60_000],
    [4403, 60_000],
  ] as const) {
    const peer = await world.peer();
    peer.ready();
    await peer.next();
    slept.length = 0;
    peer.socket.close(code, 'go');
    const next = world.peer();
    await next.then((one) => one.socket.terminate());
    assert.ok(
      slept.some((ms) => ms >= leastMs),
      `${code}: ${slept}`,
    );
    const after = await world.peer();
    after.socket.terminate();
  }
});

test('tells why a socket ended that nobody closed on this side', async () => {
  await using world = await makeRig(hurriedClock());
  void world.stream.start();
  (await world.peer()).socket.close(4403, 'not yours');
  await world.peer();
  const [fault] = world.faults;
  assert.ok(fault instanceof AppError);
  assert.equal(fault.reason, 'WEBEX_STREAM_CLOSED_4403');
});

test('gives a device up when its socket never becomes ready', async () => {
  await using world = await makeRig(hurriedClock());
  void world.stream.start();
  for (const device of [1, 1, 1, 2]) {
    const peer = await world.peer();
    assert.match(peer.url, new RegExp(`^/mercury/${device}\\?`));
    peer.socket.terminate();
  }
});

test('pings, and leaves a peer that has gone silent', async () => {
  await using world = await makeRig(hurriedClock());
  void world.stream.start();
  const silent = await world.peer();
  silent.ready();
  const frames = [await silent.next(), await silent.next(), await silent.next()];
  assert.deepEqual(
    frames.map(({ type }) => type),
    ['authorization', 'ack', 'ping'],
  );
  const [code] = (await once(silent.socket, 'close')) as [number];
  assert.equal(code, 1000);
  assert.match((await world.peer()).url, /^\/mercury\/1\?/);
});

test('goes on trying while registration is refused', async () => {
  await using world = await makeRig(hurriedClock());
  const { rig, stream } = world;
  const willing = rig.answer;
  let refusals = 3;
  rig.answer = (asked) => {
    refusals -= 1;
    return refusals >= 0 ? { status: 503 } : willing(asked);
  };
  const started = stream.start();
  (await world.peer()).ready();
  await started;
  assert.equal(world.faults.length, 3);
});

test('takes the registration back on close; without a device service there is nothing to do', async () => {
  await using world = await makeRig();
  const { rig, stream } = world;
  const started = stream.start();
  (await world.peer()).ready();
  await started;
  await stream.close();
  assert.equal(`${rig.asked[1]?.method} ${rig.asked[1]?.url}`, 'DELETE /wdm/api/v1/devices/1');
  assert.equal(stream.deviceUrl, null);
  const idle = openEventStream({ ...rig.rest, wdmUrl: null, allowedOrigins: [] });
  await idle.start();
  assert.equal(idle.deviceUrl, null);
  await idle.close();
});
