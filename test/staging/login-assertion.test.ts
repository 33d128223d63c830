import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { importPKCS8, SignJWT } from 'jose';
import { Agent, fetch as fetchWith } from 'undici';
import { graphContract } from '../contract.ts';
import { makeClientCertificate, makeTestTls } from '../net/test-certificate.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

type Pair = Awaited<ReturnType<typeof makeClientCertificate>>;

let cloud: SimulatedCloud;
let agent: Agent;
let registered: Pair;
let stranger: Pair;

before(async () => {
  const tls = await makeTestTls();
  agent = new Agent({ connect: { ca: tls.caPem } });
  cloud = await startCloud({ tls, https: true });
  [registered, stranger] = await Promise.all([makeClientCertificate(), makeClientCertificate()]);
  assert.equal(await register(registered.certPem), 200);
});
after(async () => {
  await agent.close();
  await cloud.stop();
});

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: Pair;
  readonly alg?: string;
}

const thumbprint = ({ certPem }: Pair): string =>
  Buffer.from(new X509Certificate(certPem).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
const der = ({ certPem }: Pair): string => new X509Certificate(certPem).raw.toString('base64');

/** What Microsoft's own library would send, with what is to be wrong in it. */
async function assertion({ header, claims, key = registered, alg = 'PS256' }: Forgery = {}): Promise<string> {
  const { tenantId, appliance } = cloud.context.directory;
  const now = Math.floor(Date.now() / 1000);
  const good = {
    aud: `${cloud.context.baseUrl}/${tenantId}/oauth2/v2.0/token`,
    iss: appliance.clientId,
    sub: appliance.clientId,
    nbf: now,
    exp: now + 600,
    jti: randomUUID(),
  };
  return await new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg, 'x5t#S256': thumbprint(registered), x5c: [der(registered)], ...header })
    .sign(await importPKCS8(key.keyPem, alg));
}

async function ask(clientAssertion: string, more: Record<string, string> = {}) {
  const { tenantId, appliance } = cloud.context.directory;
  const form = {
    grant_type: 'client_credentials',
    client_id: appliance.clientId,
    scope: 'https://graph.microsoft.com/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion,
    ...more,
  };
  const response = await fetchWith(`${cloud.context.baseUrl}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    dispatcher: agent,
  });
  const json = (await response.json()) as { error?: string; error_codes?: number[]; access_token?: string };
  return { status: response.status, json };
}

async function register(certPem: string, clientId = cloud.context.directory.appliance.clientId) {
  const response = await fetchWith(`${cloud.context.baseUrl}/control/login/certificate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, certPem }),
    dispatcher: agent,
  });
  await response.text();
  return response.status;
}

test('an assertion of the registered certificate gets a token, with or without the certificate in it', async () => {
  for (const header of [{}, { x5c: undefined }]) {
    const { status, json } = await ask(await assertion({ header }));
    assert.equal(status, 200);
    assert.match(json.access_token ?? '', /^ey/);
    assert.deepEqual(graphContract()?.validate('tokenResponse', json) ?? [], []);
  }
});

test('an assertion is taken once', async () => {
  const once = await assertion();
  assert.equal((await ask(once)).status, 200);
  const again = await ask(once);
  assert.deepEqual(
    [again.status, again.json.error, again.json.error_codes],
    [401, 'invalid_client', [700027]],
  );
});

test('names what is wrong with an assertion', async () => {
  const now = Math.floor(Date.now() / 1000);
  const foreign = { 'x5t#S256': thumbprint(stranger), x5c: [der(stranger)] };
  const cases: readonly (readonly [string, Forgery, number])[] = [
    ['a certificate that nobody registered', { header: foreign, key: stranger }, 700027],
    ['the key of another certificate', { key: stranger }, 700027],
    ['another certificate enclosed', { header: { x5c: [der(stranger)] } }, 700027],
    ['no thumbprint', { header: { 'x5t#S256': undefined } }, 700027],
    ['the old algorithm', { alg: 'RS256' }, 700027],
    [
      'another audience',
      { claims: { aud: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' } },
      700027,
    ],
    ['another issuer', { claims: { iss: randomUUID() } }, 700027],
    ['another subject', { claims: { sub: randomUUID() } }, 700027],
    ['no id', { claims: { jti: undefined } }, 700027],
    ['no end', { claims: { exp: undefined } }, 700027],
    ['its end behind it', { claims: { nbf: now - 1000, exp: now - 400 } }, 700024],
    ['its beginning before it', { claims: { nbf: now + 400 } }, 700024],
  ];
  for (const [fact, forgery, number] of cases) {
    const { status, json } = await ask(await assertion(forgery));
    assert.deepEqual([status, json.error_codes], [401, [number]], fact);
    assert.deepEqual(graphContract()?.validate('tokenError', json) ?? [], []);
  }
});

test('what is no assertion at all is refused too', async () => {
  assert.deepEqual((await ask('not a token')).json.error_codes, [700027]);
  const saml = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' };
  assert.deepEqual((await ask(await assertion(), saml)).json.error_codes, [700027]);
  const { outlook } = cloud.context.directory;
  assert.deepEqual(
    (await ask(await assertion(), { client_id: outlook.clientId })).json.error_codes,
    [700027],
  );
});

test('a certificate past its end proves nothing, though it is registered', async () => {
  const ended = await makeClientCertificate(Date.now() - 1_000);
  assert.equal(await register(ended.certPem), 200);
  const header = { 'x5t#S256': thumbprint(ended), x5c: [der(ended)] };
  assert.deepEqual((await ask(await assertion({ header, key: ended }))).json.error_codes, [700027]);
});

test('only a certificate of an application that exists is registered', async () => {
  assert.equal(await register('-----BEGIN CERTIFICATE-----'), 400);
  assert.equal(await register((await makeTestTls()).certPem), 400, 'no RSA key');
  assert.equal(await register(registered.certPem, randomUUID()), 404);
});
