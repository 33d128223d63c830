import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HttpClient } from '../../src/net/http-client.ts';
import { listen } from '../../src/net/listen.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { selfSignedCertificate } from '../../src/ops/self-signed.ts';
import { VERSION } from '../../src/ops/version.ts';

const DAY = 86_400_000;
const names = ['localhost', '127.0.0.1'];

test('makes a certificate once, keeps its key private and serves with it', async (t) => {
  const directory = join(await mkdtemp(join(tmpdir(), 'tls-')), 'tls');
  t.after(() => rm(join(directory, '..'), { recursive: true }));
  const now = Date.now();
  const made = await selfSignedCertificate({ directory, names, now });
  assert.equal((await stat(join(directory, 'admin-key.pem'))).mode & 0o777, 0o600);
  assert.deepEqual(await selfSignedCertificate({ directory, names, now }), made);
  const listening = await listen({ fetch: () => new Response('in'), host: '127.0.0.1', port: 0, tls: made });
  const client = new HttpClient({ upstream: 'graph', allowedOrigins: [listening.url], caPem: made.certPem });
  assert.equal((await client.request({ method: 'GET', url: listening.url })).text, 'in');
  await client.close();
  await listening.close();
});

test('makes it anew before it ends, for other names and when the files are damaged', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'));
  t.after(() => rm(directory, { recursive: true }));
  const now = Date.now();
  const first = await selfSignedCertificate({ directory, names, now });
  const later = await selfSignedCertificate({ directory, names, now: now + 800 * DAY });
  assert.notEqual(later.certPem, first.certPem);
  const renamed = await selfSignedCertificate({ directory, names: [...names, 'box.example.com'], now });
  assert.equal(new X509Certificate(renamed.certPem).checkHost('box.example.com'), 'box.example.com');
  await writeFile(join(directory, 'admin-key.pem'), first.keyPem);
  assert.notEqual((await selfSignedCertificate({ directory, names, now })).certPem, renamed.certPem);
});

test('draws bytes, fractions and UUIDs', () => {
  const random = systemRandom();
  assert.equal(random.bytes(24).length, 24);
  assert.notDeepEqual(random.bytes(24), random.bytes(24));
  const unit = random.unit();
  assert.ok(unit >= 0 && unit < 1);
  assert.match(random.uuid(), /^[0-9a-f-]{36}$/);
});

test('knows its version', () => {
  assert.match(VERSION, /^\d+\.\d+\.\d+/);
});
