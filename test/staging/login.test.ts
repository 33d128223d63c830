import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { Agent, fetch as fetchWith } from 'undici';
import { graphContract } from '../contract.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

let cloud: SimulatedCloud;
let agent: Agent;

before(async () => {
  const tls = await makeTestTls();
  agent = new Agent({ connect: { ca: tls.caPem } });
  cloud = await startCloud({ tls, https: true });
});
after(async () => {
  await agent.close();
  await cloud.stop();
});

test("gives Microsoft's own client a token that Graph takes", async () => {
  const token = await msal(cloud.context.directory.appliance.clientSecret).acquireTokenByClientCredential({
    scopes: ['https://graph.microsoft.com/.default'],
  });
  assert.equal(await mailboxSettings(token?.accessToken ?? ''), 200);
  const claims = JSON.parse(Buffer.from(token?.accessToken.split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims.tid, cloud.context.directory.tenantId);
  assert.deepEqual(claims.roles, cloud.context.directory.appliance.roles);
});

test("tells Microsoft's own client that the secret is wrong", async () => {
  const asked = msal('wrong').acquireTokenByClientCredential({
    scopes: ['https://graph.microsoft.com/.default'],
  });
  await assert.rejects(asked, (error: { errorCode?: string; errorNo?: number; status?: number }) => {
    assert.equal(error.errorCode, 'invalid_client');
    assert.equal(Number(error.errorNo), 7000215);
    assert.equal(error.status, 401);
    return true;
  });
});

test('names what is wrong with a token request', async () => {
  const { tenantId, outlook } = cloud.context.directory;
  const good = { client_id: outlook.clientId, client_secret: outlook.clientSecret, scope: '.default' };
  const scope = 'https://graph.microsoft.com/.default';
  const cases = [
    [tenantId, { ...good, scope }, 200, undefined],
    [tenantId, good, 400, 1002012],
    ['nobody', { ...good, scope }, 400, 900023],
    ['elsewhere.example', { ...good, scope }, 400, 90002],
    [randomUUID(), { ...good, scope }, 400, 90002],
    ['NORDWIND.example', { ...good, scope }, 200, undefined],
    [tenantId, { ...good, client_id: 'x', scope }, 400, 700016],
    [tenantId, { ...good, client_secret: 'x', scope }, 401, 7000215],
    [tenantId, { client_id: outlook.clientId, scope }, 401, 7000218],
    [tenantId, { client_id: outlook.clientId, scope, client_assertion: 'x.y.z' }, 401, 700027],
    [tenantId, { ...good, grant_type: 'password' }, 400, 70003],
  ] as const;
  const contract = graphContract();
  for (const [tenant, form, status, number] of cases) {
    const answer = await post(tenant, { grant_type: 'client_credentials', ...form });
    assert.equal(answer.status, status);
    assert.equal(answer.json.error_codes?.[0], number);
    const name = status === 200 ? 'tokenResponse' : 'tokenError';
    assert.deepEqual(contract?.validate(name, answer.json) ?? [], []);
  }
});

test('refuses a token that expired on the simulated clock, and one that was changed', async () => {
  const { tenantId, appliance } = cloud.context.directory;
  const form = {
    grant_type: 'client_credentials',
    client_id: appliance.clientId,
    client_secret: appliance.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const token = (await post(tenantId, form)).json.access_token ?? '';
  const [head, , tail] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ tid: tenantId, appid: appliance.clientId, exp: 9e9 })).toString(
    'base64url',
  );
  assert.equal(await mailboxSettings(token), 200);
  assert.equal(await mailboxSettings(`${head}.${forged}.${tail}`), 401);
  cloud.context.clock.steer({ jumpMs: 3_600_000 });
  assert.equal(await mailboxSettings(token), 401);
});

test('describes itself for its own tenant only', async () => {
  const { baseUrl, directory } = cloud.context;
  const discovery = async (tenant: string) => {
    const url = `${baseUrl}/${tenant}/v2.0/.well-known/openid-configuration`;
    const response = await fetchWith(url, { dispatcher: agent });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const { status, json } = await discovery(directory.tenantId);
  assert.equal(status, 200);
  assert.equal(json.token_endpoint, `${baseUrl}/${directory.tenantId}/oauth2/v2.0/token`);
  assert.equal(json.issuer, `${baseUrl}/${directory.tenantId}/v2.0`);
  assert.equal((await discovery(randomUUID())).status, 400);
});

interface TokenAnswer {
  readonly access_token?: string;
  readonly error_codes?: readonly number[];
}

async function post(
  tenant: string,
  form: Record<string, string>,
): Promise<{ status: number; json: TokenAnswer }> {
  const url = `${cloud.context.baseUrl}/${tenant}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  const response = await fetchWith(url, { method: 'POST', headers, body, dispatcher: agent });
  return { status: response.status, json: (await response.json()) as TokenAnswer };
}

async function mailboxSettings(token: string): Promise<number> {
  const url = `${cloud.context.baseUrl}/v1.0/users/${cloud.context.directory.people[0]?.entraId}/mailboxSettings`;
  const response = await fetchWith(url, { headers: { authorization: `Bearer ${token}` }, dispatcher: agent });
  await response.text();
  return response.status;
}

function msal(clientSecret: string): ConfidentialClientApplication {
  const { baseUrl, directory } = cloud.context;
  return new ConfidentialClientApplication({
    auth: {
      clientId: directory.appliance.clientId,
      clientSecret,
      authority: `${baseUrl}/${directory.tenantId}`,
      knownAuthorities: [new URL(baseUrl).host],
    },
    system: { networkClient: network() },
  });
}

function network(): INetworkModule {
  const send: INetworkModule['sendPostRequestAsync'] = async (url, options) => {
    const init = { dispatcher: agent, headers: options?.headers ?? {} };
    const body = options?.body;
    const response = await fetchWith(url, body === undefined ? init : { ...init, method: 'POST', body });
    return {
      headers: Object.fromEntries(response.headers),
      // The library names the type of each answer itself.
      body: (await response.json()) as never,
      status: response.status,
    };
  };
  return { sendGetRequestAsync: send, sendPostRequestAsync: send };
}
