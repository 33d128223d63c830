import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { openEventSocket } from '../../src/net/event-socket.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { Traffic } from '../../src/net/traffic.ts';
import { makeTestTls, type TestTls } from './test-certificate.ts';

const AT = Date.UTC(2026, 10, 25, 9);
let tls: TestTls;
let server: Server;
let origin: string;

before(async () => {
  tls = await makeTestTls();
  server = createServer({ cert: tls.certPem, key: tls.keyPem }, (request, answer) => {
    request.resume().on('end', () => answer.end('y'.repeat(5000)));
  });
  const hub = new WebSocketServer({ server });
  hub.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.close();
  server.closeAllConnections();
});

test('a host that was never called has no traffic', () => {
  const traffic = new Traffic(() => AT);
  assert.deepEqual(traffic.of(origin), { lastUsedAt: null, bytesOut: 0, bytesIn: 0 });
});

test('bytes are counted while a connection stands and after it has closed', async () => {
  const traffic = new Traffic(() => AT);
  const client = new HttpClient({ upstream: 'webex', allowedOrigins: [origin], caPem: tls.caPem, traffic });
  const call = { method: 'POST', url: `${origin}/x`, body: 'z'.repeat(3000) };
  await client.request(call);
  const standing = traffic.of(`${origin}/some/path`);
  assert.equal(standing.lastUsedAt, AT);
  assert.ok(standing.bytesOut > 3000 && standing.bytesOut < 4000, `${standing.bytesOut} out`);
  assert.ok(standing.bytesIn > 5000 && standing.bytesIn < 7000, `${standing.bytesIn} in`);
  await client.request(call);
  const twice = traffic.of(origin);
  assert.ok(twice.bytesOut > 6000 && twice.bytesIn > 10_000);
  await client.close();
  const closed = traffic.of(origin);
  assert.ok(closed.bytesOut >= twice.bytesOut && closed.bytesIn >= twice.bytesIn);
});

test('where nobody listens it is only unreachable, and the process goes on', async () => {
  const free = createServer({ cert: tls.certPem, key: tls.keyPem });
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const nobody = `https://127.0.0.1:${(free.address() as AddressInfo).port}`;
  await new Promise((resolve) => free.close(resolve));
  const traffic = new Traffic(() => AT);
  const client = new HttpClient({ upstream: 'webex', allowedOrigins: [nobody], caPem: tls.caPem, traffic });
  await assert.rejects(client.request({ method: 'GET', url: `${nobody}/x` }), { code: 'unavailable' });
  await client.close();
  assert.deepEqual([traffic.of(nobody).bytesOut, traffic.of(nobody).bytesIn], [0, 0]);
});

test('what an event WebSocket says counts for the same host', async () => {
  let now = AT;
  const traffic = new Traffic(() => now);
  const socketUrl = `${origin.replace('https', 'wss')}/mercury`;
  await new Promise<void>((resolve) => {
    const socket = openEventSocket(
      { url: socketUrl, caPem: tls.caPem, allowedOrigins: [origin], traffic },
      {
        open: () => {
          now = AT + 1000;
          socket.send('x'.repeat(2000));
        },
        message: () => socket.close(),
        close: () => resolve(),
      },
    );
  });
  const counted = traffic.of(origin);
  assert.equal(counted.lastUsedAt, AT + 1000);
  assert.ok(counted.bytesOut > 2000 && counted.bytesIn > 2000);
});
