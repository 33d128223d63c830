import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Agent, request } from 'undici';
import { CertificateAuthority, listenerCertificate } from '../../src/staging/cloud/certificate-authority.ts';
import { listenOn } from './simulated-cloud.ts';

const YEAR_MS = 365 * 86_400_000;

function newDirectory(t: { after(work: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'authority-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'ca');
}

test('serves this machine under a certificate that its own authority vouches for', async (t) => {
  const authority = await CertificateAuthority.open(newDirectory(t));
  const { certPem, keyPem } = await authority.issue();
  const server = createServer({ cert: certPem, key: keyPem }, (_, response) => response.end('in'));
  const port = await listenOn(server);
  const trusting = new Agent({ connect: { ca: authority.caPem } });
  const { caPem } = await CertificateAuthority.open(newDirectory(t));
  const stranger = new Agent({ connect: { ca: caPem } });
  t.after(async () => {
    await Promise.all([trusting.close(), stranger.close()]);
    server.close();
  });
  for (const host of ['localhost', '127.0.0.1']) {
    const url = `https://${host}:${port}/`;
    assert.equal(await (await request(url, { dispatcher: trusting })).body.text(), 'in');
    await assert.rejects(request(url, { dispatcher: stranger }));
  }
});

test('makes certificates that say what they are for', async (t) => {
  const authority = await CertificateAuthority.open(newDirectory(t));
  const ca = new X509Certificate(authority.caPem);
  const { certPem, keyPem } = await authority.issue();
  const leaf = new X509Certificate(certPem);
  assert.ok(ca.ca && !leaf.ca);
  assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey) && !leaf.verify(leaf.publicKey));
  assert.ok(leaf.checkPrivateKey(createPrivateKey(keyPem)));
  assert.equal(leaf.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1');
  assert.ok(leaf.validFromDate.getTime() < Date.now() - YEAR_MS + 60_000);
  assert.ok(leaf.validToDate.getTime() > Date.now() + 9 * YEAR_MS);
  assert.equal(leaf.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  const again = new X509Certificate((await authority.issue()).certPem);
  assert.notEqual(again.serialNumber, leaf.serialNumber);
});

test('is the same authority at every start, with files for their owner only', async (t) => {
  const directory = newDirectory(t);
  const first = await CertificateAuthority.open(directory);
  await first.issueForListeners();
  const listeners = listenerCertificate(directory);
  const second = await CertificateAuthority.open(directory);
  await second.issueForListeners();
  assert.equal(second.caPem, first.caPem);
  assert.equal(readFileSync(join(directory, 'ca.pem'), 'utf8'), first.caPem);
  assert.deepEqual(listenerCertificate(directory), listeners);
  assert.ok(new X509Certificate(listeners.certPem).verify(new X509Certificate(first.caPem).publicKey));
  for (const name of readdirSync(directory))
    assert.equal(statSync(join(directory, name)).mode & 0o077, 0, name);
});

test('starts over from what a death in the middle of making it left', async (t) => {
  const directory = newDirectory(t);
  const { caPem } = await CertificateAuthority.open(directory);
  rmSync(join(directory, 'ca.pem'));
  writeFileSync(join(directory, 'ca.pem.new'), caPem.slice(0, 100));
  const again = new X509Certificate((await CertificateAuthority.open(directory)).caPem);
  assert.ok(again.verify(new X509Certificate(caPem).publicKey), 'with the key that is there');
});
