import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { HttpClient, type HttpRequest } from '../../src/net/http-client.ts';
import { makeTestTls, type TestTls } from './test-certificate.ts';

const servers: Server[] = [];
let tls: TestTls;
let wrong: TestTls;
let secureOrigin: string;

before(async () => {
  [tls, wrong] = await Promise.all([makeTestTls(), makeTestTls()]);
  secureOrigin = await start(
    createHttps({ cert: tls.certPem, key: tls.keyPem }, (_, answer) => answer.end('secure')),
    'https',
  );
});

after(() => {
  for (const server of servers) server.close();
  for (const server of servers) server.closeAllConnections();
});

async function start(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const plain = (listener: RequestListener): Promise<string> => start(createServer(listener));

async function ask(
  origin: string,
  r: Partial<HttpRequest> = {},
  o: { caPem?: string; maxBytes?: number } = {},
) {
  await using cleanup = new AsyncDisposableStack();
  const client = new HttpClient({ upstream: 'graph', allowedOrigins: [origin], ...o });
  cleanup.defer(() => client.close());
  return await client.request({ method: 'GET', url: `${origin}/x`, ...r });
}

const failsWith = (code: string, reason: string) => (thrown: unknown) => {
  assert.ok(thrown instanceof AppError);
  assert.deepEqual(
    { code: thrown.code, reason: thrown.reason, scope: thrown.scope, upstream: thrown.upstream },
    { code, reason, scope: 'upstream', upstream: 'graph' },
  );
  return true;
};

test('returns every status as a value and names itself', async () => {
  const origin = await plain((request, answer) => {
    answer.statusCode = 429;
    answer.setHeader('Retry-After', '7').end(`${request.headers['user-agent']} ${request.method}`);
  });
  const answer = await ask(origin, { method: 'POST', body: '{}' });
  assert.equal(answer.status, 429);
  assert.equal(answer.headers.get('retry-after'), '7');
  assert.equal(answer.text, 'hybrid-calendar POST');
});

test('refuses a host outside the allow-list before a byte leaves', async () => {
  let calls = 0;
  const other = await plain((_, answer) => {
    calls += 1;
    answer.end();
  });
  await assert.rejects(
    ask('http://127.0.0.1:1', { url: `${other}/x` }),
    failsWith('forbidden', 'GRAPH_HOST_NOT_ALLOWED'),
  );
  const dressedUp = other.replace('http://', 'http://user:pass@');
  await assert.rejects(
    ask(other, { url: `${dressedUp}/x` }),
    failsWith('forbidden', 'GRAPH_HOST_NOT_ALLOWED'),
  );
  assert.equal(calls, 0);
});

test('refuses a redirect', async () => {
  const origin = await plain((_, answer) => answer.writeHead(302, { location: '/elsewhere' }).end('moved'));
  await assert.rejects(ask(origin), failsWith('forbidden', 'GRAPH_REDIRECT'));
});

test('gives up on an oversized body', async () => {
  const origin = await plain((_, answer) => answer.end('x'.repeat(5000)));
  await assert.rejects(
    ask(origin, {}, { maxBytes: 4999 }),
    failsWith('unavailable', 'GRAPH_ANSWER_TOO_LARGE'),
  );
  assert.equal((await ask(origin, {}, { maxBytes: 5000 })).text.length, 5000);
});

test('gives up when the answer does not come in time', async () => {
  const silent = await plain(() => undefined);
  await assert.rejects(ask(silent, { timeoutMs: 50 }), failsWith('unavailable', 'GRAPH_TIMEOUT'));
  const half = await plain((_, answer) => answer.write('half'));
  await assert.rejects(ask(half, { timeoutMs: 50 }), failsWith('unavailable', 'GRAPH_TIMEOUT'));
});

test('says that an upstream is unreachable', async () => {
  await assert.rejects(ask('http://127.0.0.1:1'), failsWith('unavailable', 'GRAPH_UNREACHABLE'));
  const rude = await plain((request) => request.socket.destroy());
  await assert.rejects(ask(rude), failsWith('unavailable', 'GRAPH_UNREACHABLE'));
});

test('tells a stop by the caller from an outage', async () => {
  const stop = new AbortController();
  const origin = await plain(() => stop.abort());
  await assert.rejects(ask(origin, { signal: stop.signal }), { reason: 'ABORTED', scope: 'job' });
});

test('asks once more when a kept-alive connection died under a read', async () => {
  let calls = 0;
  const origin = await plain((request, answer) => {
    calls += 1;
    if (calls === 1) request.socket.destroy();
    else answer.end('second');
  });
  assert.equal((await ask(origin)).text, 'second');
});

test('trusts the configured CA and nothing else', async () => {
  assert.equal((await ask(secureOrigin, {}, { caPem: tls.caPem })).text, 'secure');
  await assert.rejects(ask(secureOrigin, {}, { caPem: wrong.caPem }), failsWith('unavailable', 'GRAPH_TLS'));
  await assert.rejects(ask(secureOrigin), failsWith('unavailable', 'GRAPH_TLS'));
});
