import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HttpClient } from '../../src/net/http-client.ts';
import { listen } from '../../src/net/listen.ts';
import { makeTestTls } from './test-certificate.ts';

interface Seen {
  readonly status: number;
  readonly connection: string | undefined;
  readonly text: string;
}

function get(o: { port?: number; socketPath?: string; agent?: Agent }): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', path: '/', ...o }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection, text }),
      );
    });
    call.on('error', reject).end();
  });
}

test('serves https and tells the handler who calls', async () => {
  const tls = await makeTestTls();
  const fetch = (r: Request, from: string) => new Response(`${new URL(r.url).pathname} ${from}`);
  const listening = await listen({ fetch, host: '127.0.0.1', port: 0, tls });
  const client = new HttpClient({ upstream: 'webex', allowedOrigins: [listening.url], caPem: tls.caPem });
  const answer = await client.request({ method: 'GET', url: `${listening.url}/here` });
  assert.equal(answer.text, '/here 127.0.0.1');
  assert.match(listening.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  await client.close();
  await listening.close();
});

test('closes within a second under keep-alive, with a request under way and a silent connection', async () => {
  const agent = new Agent({ keepAlive: true });
  const release = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  let calls = 0;
  const fetch = async () => {
    calls += 1;
    if (calls === 1) return new Response('quick');
    entered.resolve();
    await release.promise;
    return new Response('slow');
  };
  const listening = await listen({ fetch, host: '127.0.0.1', port: 0, tls: null });
  const silent = connect(listening.port, '127.0.0.1').on('error', () => undefined);
  assert.equal((await get({ port: listening.port, agent })).text, 'quick');
  const slow = get({ port: listening.port, agent });
  await entered.promise;
  const started = performance.now();
  const closed = listening.close();
  release.resolve();
  const answer = await slow;
  assert.equal(answer.text, 'slow');
  assert.equal(answer.connection, 'close');
  await closed;
  assert.ok(performance.now() - started < 1000);
  await assert.rejects(get({ port: listening.port }));
  silent.destroy();
  agent.destroy();
});

test('answers a fault of the handler with an empty 500', async () => {
  const fetch = () => {
    throw new Error('content of a meeting');
  };
  const listening = await listen({ fetch, host: '127.0.0.1', port: 0, tls: null });
  const answer = await get({ port: listening.port });
  assert.deepEqual([answer.status, answer.text], [500, '']);
  await listening.close();
});

test('listens on a private unix socket, replaces a stale one and respects a living one', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'listen-'));
  t.after(() => rm(directory, { recursive: true }));
  const socketPath = join(directory, 'control.sock');
  const fetch = () => new Response('local');
  const first = await listen({ fetch, socketPath });
  assert.equal((await stat(socketPath)).mode & 0o777, 0o600);
  assert.equal((await get({ socketPath })).text, 'local');
  await assert.rejects(listen({ fetch, socketPath }), { code: 'EADDRINUSE' });
  await first.close();
  await leaveStale(socketPath);
  const second = await listen({ fetch, socketPath });
  assert.equal((await get({ socketPath })).text, 'local');
  await second.close();
});

/** A killed process leaves its socket file behind. */
async function leaveStale(socketPath: string): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  const program = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', program]);
  assert.ok((await stat(socketPath)).isSocket());
}
