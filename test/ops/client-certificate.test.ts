import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { readClientCertificate } from '../../src/ops/client-certificate.ts';
import { makeClientCertificate, makeTestTls } from '../net/test-certificate.ts';

const ENDS_AT = Date.UTC(2031, 0, 1);

/** Files of these contents; the key's is as private as a secret must be. */
function files(t: TestContext, certPem: string | null, keyPem: string | null) {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  if (certPem !== null) writeFileSync(cert, certPem);
  if (keyPem !== null) writeFileSync(key, keyPem, { mode: 0o600 });
  return { certFile: cert, keyFile: key, credentialsDirectory: undefined };
}

function refusalOf(read: () => unknown): AppError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  return assert.fail('nothing was refused');
}

test('reads a certificate with its key, and what stands behind it in the chain', async (t) => {
  const { certPem, keyPem } = await makeClientCertificate(ENDS_AT);
  const { caPem } = await makeTestTls();
  const pair = files(t, `${certPem}\n# a remark\n${caPem}`, keyPem);
  const read = readClientCertificate(pair);
  assert.equal(read.endsAt, ENDS_AT);
  assert.match(read.thumbprintSha256, /^[0-9a-f]{64}$/);
  assert.equal(read.chainPem.match(/BEGIN CERTIFICATE/g)?.length, 2);
  assert.match(read.key.reveal(), /^-----BEGIN PRIVATE KEY-----/);
  assert.equal(`${read.key}`, '[secret]');
});

test('names what is wrong with both files at once', (t) => {
  const pair = files(t, null, null);
  const error = refusalOf(() => readClientCertificate(pair));
  assert.equal(error.code, 'invalid');
  assert.match(error.message, /cert\.pem can't be read.*key\.pem can't be read/);
});

test('names each thing that can be wrong with one of them', async (t) => {
  const good = await makeClientCertificate();
  const other = await makeClientCertificate();
  const ec = await makeTestTls();
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const smallPem = String(small.export({ type: 'pkcs8', format: 'pem' }));
  const cases = [
    ['no certificate', 'text', good.keyPem, 'CERTIFICATE_INVALID'],
    [
      'a damaged certificate',
      good.certPem.replace(/\n.{64}\n/, '\nAAAA\n'),
      good.keyPem,
      'CERTIFICATE_INVALID',
    ],
    ['the certificate in place of the key', good.certPem, good.certPem, 'CERTIFICATE_KEY_INVALID'],
    ['a key of a kind that the login does not take', ec.certPem, ec.keyPem, 'CERTIFICATE_KEY_KIND'],
    ['a key that is too short', good.certPem, smallPem, 'CERTIFICATE_KEY_KIND'],
    ['an empty key file', good.certPem, '', 'SECRET_FILE_EMPTY'],
    ['the key of another', good.certPem, other.keyPem, 'CERTIFICATE_MISMATCH'],
    ['another certificate first', `${other.certPem}${good.certPem}`, good.keyPem, 'CERTIFICATE_MISMATCH'],
  ] as const;
  for (const [fact, certPem, keyPem, reason] of cases) {
    const pair = files(t, certPem, keyPem);
    const error = refusalOf(() => readClientCertificate(pair));
    assert.equal(error.reason, reason, fact);
    assert.doesNotMatch(error.message, /BEGIN|[A-Za-z0-9+/]{40}/, fact);
  }
});

test('a key that others may read is refused, like any secret', async (t) => {
  const { certPem, keyPem } = await makeClientCertificate();
  const pair = files(t, certPem, keyPem);
  chmodSync(pair.keyFile, 0o640);
  assert.equal(refusalOf(() => readClientCertificate(pair)).reason, 'SECRET_FILE_EXPOSED');
});
