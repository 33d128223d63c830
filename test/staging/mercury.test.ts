import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { MercuryHub } from '../../src/staging/cloud/webex/mercury-hub.ts';
import { Device } from './device.ts';
import { RunningCloud } from './running-cloud.ts';

const DEVICES = '/wdm/api/v1/devices';
const DESCRIPTION = { deviceName: 'laptop', deviceType: 'WEB', model: 'browser' };

let cloud: RunningCloud;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
});
after(() => cloud.stop());

const token = (person: Person | undefined): string => person?.webexToken ?? '';
const register = async (person: Person | undefined, body: object = DESCRIPTION) =>
  await cloud.call('POST', `${DEVICES}?includeUpstreamServices=all`, { as: token(person), body });
const connected = async (person: Person | undefined): Promise<Device> => {
  assert.ok(person);
  return cloud.device(person);
};

test('registers a device with its own event WebSocket and the services beside', async () => {
  const { status, json } = await register(astrid);
  assert.equal(status, 200);
  assert.equal(json.deviceName, 'laptop');
  assert.equal(json.userId, astrid?.webexUserId);
  assert.equal(new URL(json.webSocketUrl).protocol, 'wss:');
  const { baseUrl } = cloud.context;
  assert.deepEqual(json.services, {
    encryptionServiceUrl: baseUrl,
    calendarServiceUrl: `${baseUrl}/calendar/api/v1`,
    wdmServiceUrl: `${baseUrl}/wdm/api/v1`,
    hydraServiceUrl: `${baseUrl}/v1`,
  });
  assert.notEqual((await register(astrid)).json.url, json.url);
});

test('lets apps look up where the services are', async () => {
  const path = '/u2c/api/v1/catalog';
  const { json } = await cloud.call('GET', `${path}?format=hostmap`, { as: token(astrid) });
  const { host } = new URL(cloud.context.baseUrl);
  assert.equal(json.serviceLinks.calendar, `${cloud.context.baseUrl}/calendar/api/v1`);
  assert.equal(json.hostCatalog[host][0].host, host);
  assert.equal((await cloud.call('GET', `${path}?format=hostmap`)).status, 401);
  assert.equal((await cloud.call('GET', path, { as: token(astrid) })).status, 400);
});

test('refuses a registration without token, name or known type', async () => {
  assert.equal((await cloud.call('POST', DEVICES, { body: DESCRIPTION })).status, 401);
  for (const body of [{}, { deviceName: 'x' }, { ...DESCRIPTION, deviceType: 'TOASTER' }])
    assert.equal((await register(astrid, body)).status, 400);
  assert.equal((await cloud.call('POST', DEVICES, { as: token(astrid), body: '{' })).status, 400);
});

test('refreshes and removes a device for its owner only', async () => {
  const { url } = (await register(astrid)).json;
  const body = { ...DESCRIPTION, deviceName: 'renamed' };
  const refreshed = await cloud.call('PUT', url, { as: token(astrid), body });
  assert.deepEqual([refreshed.status, refreshed.json.deviceName, refreshed.json.url], [200, 'renamed', url]);
  for (const [method, as, status] of [
    ['PUT', token(bruno), 403],
    ['DELETE', token(bruno), 403],
    ['DELETE', 'made-up', 401],
    ['PATCH', token(astrid), 405],
    ['DELETE', token(astrid), 204],
    ['DELETE', token(astrid), 404],
    ['PUT', token(astrid), 404],
  ] as const)
    assert.equal((await cloud.call(method, url, { as, body })).status, status, `${method} ${status}`);
});

test('is ready after the authorization and numbers what it sends', async () => {
  const { webSocketUrl } = (await register(astrid)).json;
  const query = '?outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true';
  const device = cloud.dial(webSocketUrl + query);
  device.authorize(token(astrid));
  const ready = await device.event('mercury.buffer_state');
  assert.equal(ready.sequenceNumber, 1);
  assert.match(ready.id, /^[0-9a-f-]{36}$/);
  assert.ok(ready.trackingId !== undefined && ready.timestamp !== undefined);
  device.close();
});

test('answers pings, takes pongs and acknowledgements in silence', async () => {
  const device = await connected(astrid);
  device.send({ type: 'pong', id: 'p' });
  device.send({ type: 'ack', messageId: device.frames[0]?.id });
  device.send({ type: 'ping', id: 'here?' });
  assert.deepEqual(await device.frame((frame) => frame.type === 'pong'), { id: 'here?', type: 'pong' });
  assert.equal(device.frames.length, 2);
  device.close();
});

test('closes with 4401 for a token that it does not know and 4403 for one of another user', async () => {
  for (const [as, code] of [
    ['made-up', 4401],
    [token(bruno), 4403],
  ] as const) {
    const device = cloud.dial((await register(astrid)).json.webSocketUrl);
    device.authorize(as);
    assert.equal(await device.closed, code);
  }
});

test('closes with 4400 when the first frame is no authorization', async () => {
  for (const frame of [{ type: 'ping', id: '1' }, 'no JSON', Buffer.from('{}'), { type: 'authorization' }]) {
    const device = cloud.dial((await register(astrid)).json.webSocketUrl);
    device.send(frame);
    assert.equal(await device.closed, 4400);
  }
});

test('closes with 4401 when no authorization comes in time', async (t) => {
  const hub = new MercuryHub(cloud.context, 20);
  const server = createServer();
  server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    hub.close();
    server.close();
  });
  const path = new URL((await register(astrid)).json.webSocketUrl).pathname;
  const device = new Device(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, '');
  assert.equal(await device.closed, 4401);
});

test('closes with 4000 when the same device connects anew, and serves the newer', async () => {
  const { webSocketUrl } = (await register(astrid)).json;
  const [first, second] = [cloud.dial(webSocketUrl), cloud.dial(webSocketUrl)];
  first.authorize(token(astrid));
  await first.event('mercury.buffer_state');
  second.authorize(token(astrid));
  await second.event('mercury.buffer_state');
  assert.equal(await first.closed, 4000);
  await second.settle();
  second.close();
});

test('closes with 1003 on a frame that it does not understand', async () => {
  for (const frame of [{ type: 'shout' }, 'no JSON', Buffer.from('{"type":"ping","id":"1"}')]) {
    const device = await connected(astrid);
    device.send(frame);
    assert.equal(await device.closed, 1003);
  }
});

test('closes with 4404 when the device is removed, and lets it connect no more', async () => {
  const { url, webSocketUrl } = (await register(astrid)).json;
  const device = cloud.dial(webSocketUrl);
  device.authorize(token(astrid));
  await device.event('mercury.buffer_state');
  await cloud.call('DELETE', url, { as: token(astrid) });
  assert.equal(await device.closed, 4404);
  const again = cloud.dial(webSocketUrl);
  assert.equal(await again.closed, 1006);
  assert.equal(again.refusal, 404);
});

test('knows its devices after a restart; their sockets broke off', async () => {
  const { webSocketUrl } = (await register(astrid)).json;
  const device = cloud.dial(webSocketUrl);
  device.authorize(token(astrid));
  await device.event('mercury.buffer_state');
  await cloud.restart();
  assert.equal(await device.closed, 1006);
  const again = cloud.dial(webSocketUrl);
  again.authorize(token(astrid));
  await again.event('mercury.buffer_state');
});

test('knows no other path', async () => {
  const wss = cloud.context.baseUrl.replace('https', 'wss');
  const unknown = cloud.dial(`${wss}/mercury/${randomUUID()}`);
  await unknown.closed;
  assert.equal(unknown.refusal, 404);
  assert.equal(await cloud.dial(`${wss}/elsewhere`).closed, 1006);
});
