import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { openEventSocket } from '../../src/net/event-socket.ts';
import { makeTestTls, type TestTls } from './test-certificate.ts';

let tls: TestTls;
let server: Server;
let hub: WebSocketServer;
let origin: string;

before(async () => {
  tls = await makeTestTls();
  server = createServer({ cert: tls.certPem, key: tls.keyPem });
  hub = new WebSocketServer({ server });
  hub.on('connection', (socket) => {
    socket.on('message', (data, binary) => {
      if (String(data) === 'bye') socket.close(4001, 'told to');
      else socket.send(binary ? data : Buffer.from(`echo ${data}`), { binary: true });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  hub.close();
  server.close();
  server.closeAllConnections();
});

const socketUrl = (): string => `${origin.replace('https', 'wss')}/mercury`;

test('exchanges texts over wss with its own CA and reports the close once', async () => {
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    const socket = openEventSocket(
      { url: socketUrl(), caPem: tls.caPem, allowedOrigins: [origin] },
      {
        open: () => socket.send('hello'),
        message: (text) => {
          told.push(text);
          socket.send('bye');
        },
        close: (code, reason) => {
          told.push(`${code} ${reason}`);
          resolve();
        },
      },
    );
  });
  assert.deepEqual(told, ['echo hello', '4001 told to']);
});

test('closes from this side', async () => {
  const code = await new Promise<number>((resolve) => {
    const socket = openEventSocket(
      { url: socketUrl(), caPem: tls.caPem, allowedOrigins: [origin] },
      { open: () => socket.close(), message: () => undefined, close: resolve },
    );
  });
  assert.equal(code, 1000);
});

test('reports a connection that can not be made as 1006', async () => {
  const code = await new Promise<number>((resolve) => {
    const options = { url: socketUrl(), allowedOrigins: [origin] };
    openEventSocket(options, { open: () => assert.fail('no CA'), message: () => undefined, close: resolve });
  });
  assert.equal(code, 1006);
});

test('refuses a host outside the allow-list', () => {
  const handlers = { open: () => undefined, message: () => undefined, close: () => undefined };
  const options = { url: 'wss://elsewhere.example/', allowedOrigins: [origin] };
  assert.throws(() => openEventSocket(options, handlers), { reason: 'WEBEX_HOST_NOT_ALLOWED' });
});
