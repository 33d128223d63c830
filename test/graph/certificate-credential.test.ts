import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { openTokenSource, type TokenSource } from '../../src/graph/token.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { registerCertificate } from '../../src/staging/cloud/login/app-certificates.ts';
import { makeClientCertificate, makeTestTls } from '../net/test-certificate.ts';
import { startCloud } from '../staging/simulated-cloud.ts';

/** The appliance's token source with a certificate, against the simulated login over HTTPS. */
async function open(isRegistered: boolean) {
  const tls = await makeTestTls();
  const cloud = await startCloud({ tls, https: true });
  const { certPem, keyPem } = await makeClientCertificate();
  const { baseUrl, directory } = cloud.context;
  if (isRegistered) registerCertificate(cloud.context, directory.appliance.clientId, certPem);
  const http = new HttpClient({ upstream: 'graph', allowedOrigins: [baseUrl], caPem: tls.caPem });
  const tokens = openTokenSource({
    http,
    loginUrl: baseUrl,
    tenantId: directory.tenantId,
    clientId: directory.appliance.clientId,
    credential: { kind: 'certificate', thumbprintSha256: fingerprint(certPem), keyPem, chainPem: certPem },
    clock: realClock(),
  });
  const dispose = async () => {
    await http.close();
    await cloud.stop();
  };
  return { cloud, tokens, certPem, [Symbol.asyncDispose]: dispose };
}

const fingerprint = (certPem: string): string =>
  new X509Certificate(certPem).fingerprint256.replaceAll(':', '').toLowerCase();

const refusalOf = (tokens: TokenSource): Promise<AppError> =>
  tokens.current().then(
    () => assert.fail('a token was given'),
    (thrown: unknown) => (thrown instanceof AppError ? thrown : assert.fail('no AppError')),
  );

test('gets a token by the certificate, from memory the second time', async () => {
  await using rig = await open(true);
  const token = await rig.tokens.current();
  assert.match(token, /^ey/);
  assert.equal(await rig.tokens.current(), token);
});

test('a replaced token needs a fresh assertion, and gets it however often', async () => {
  await using rig = await open(true);
  const tokens = new Set([await rig.tokens.current()]);
  for (let n = 0; n < 3; n += 1) tokens.add(await rig.tokens.replace([...tokens].at(-1) ?? ''));
  assert.equal(tokens.size, 4);
});

test('a certificate that is not registered is the administrator’s matter, and works once it is', async () => {
  await using rig = await open(false);
  const error = await refusalOf(rig.tokens);
  assert.deepEqual(
    [error.code, error.reason, error.scope],
    ['forbidden', 'GRAPH_CREDENTIAL_REFUSED', 'upstream'],
  );
  assert.match(
    error.message,
    /\(AADSTS700027\): check that the certificate in graph\.client_certificate_file/,
  );
  registerCertificate(rig.cloud.context, rig.cloud.context.directory.appliance.clientId, rig.certPem);
  assert.match(await rig.tokens.current(), /^ey/);
});
