import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { RunningCloud } from './running-cloud.ts';
import { WebexCalls } from './webex-calls.ts';

const DAY_S = 86_400;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let cloud: RunningCloud;

beforeEach(async () => {
  cloud = await RunningCloud.start();
});
afterEach(() => cloud.stop());

const first = () => cloud.context.directory.serviceApp.token;
const tokens = async () => (await cloud.call('GET', '/control/webex/token')).json;
const order = async (body: object) => await cloud.call('PUT', '/control/webex/token', { body });
const jump = async (seconds: number) =>
  await cloud.call('POST', '/control/clock', { body: { jumpMs: seconds * 1000 } });
const works = async (token: string) => (await new WebexCalls(cloud, token).get('/v1/people')).status === 200;
const refresh = async (more: Record<string, string> = {}) => {
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = await tokens();
  const form = { grant_type: 'refresh_token', client_id, client_secret, refresh_token, ...more };
  return await cloud.call('POST', '/v1/access_token', {
    body: new URLSearchParams(form).toString(),
    headers: FORM,
  });
};

test('gives a new access token for 14 days, and the refresh token another 90', async () => {
  const { status, json } = await refresh();
  assert.equal(status, 200);
  assert.deepEqual([json.expires_in, json.refresh_token_expires_in], [1_209_599, 7_776_000]);
  assert.ok(await works(json.access_token));
  assert.ok(await works(first()), 'the one before lives out its time');
  await jump(14 * DAY_S);
  assert.ok(!(await works(json.access_token)));
  assert.equal((await refresh()).json.refresh_token, json.refresh_token);
  await jump(89 * DAY_S);
  assert.equal((await refresh()).status, 200, 'each use begins its life anew');
  await jump(90 * DAY_S);
  assert.equal((await refresh()).status, 400);
});

test('refuses to refresh for who does not know the secrets', async () => {
  assert.equal((await refresh({ client_secret: 'guess' })).status, 401);
  assert.equal((await refresh({ client_id: 'guess' })).status, 401);
  assert.equal((await refresh({ refresh_token: 'guess' })).status, 400);
  assert.equal((await refresh({ grant_type: 'password' })).status, 400);
  assert.equal((await cloud.call('POST', '/v1/access_token', { body: {} })).status, 415);
});

test('tells how long a token lives', async () => {
  const { access_token } = (await refresh()).json;
  const { exp } = (await new WebexCalls(cloud, access_token).get('/v1/authorizations/tokenExpiry')).json;
  const days = (exp - cloud.context.clock.now()) / 1000 / DAY_S;
  assert.ok(days > 13.9 && days <= 14, `${days}`);
  const astrid = cloud.context.directory.people[0]?.webexToken ?? '';
  assert.equal((await new WebexCalls(cloud, astrid).get('/v1/authorizations/tokenExpiry')).status, 200);
  assert.equal((await cloud.call('GET', '/v1/authorizations/tokenExpiry')).status, 401);
});

test('lets tokens end on order, at every service of Webex', async () => {
  const { access_token } = (await refresh()).json;
  assert.equal((await order({ accessEndsInS: 0 })).status, 200);
  for (const token of [first(), access_token]) assert.ok(!(await works(token)));
  const wdm = { deviceName: 'x', deviceType: 'DESKTOP' };
  assert.equal((await cloud.call('POST', '/wdm/api/v1/devices', { as: first(), body: wdm })).status, 401);
  assert.ok(await works((await refresh()).json.access_token));
  await order({ refreshEndsInS: 0 });
  assert.equal((await refresh()).status, 400);
  assert.equal((await order({ accessEndsInS: -1 })).status, 400);
});

test('keeps tokens over a restart', async () => {
  const { access_token } = (await refresh()).json;
  const before = await tokens();
  await cloud.restart();
  assert.ok(await works(access_token));
  assert.deepEqual((await tokens()).refreshToken, before.refreshToken);
});
