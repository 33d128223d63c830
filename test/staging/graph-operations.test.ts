import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from './simulated-cloud.ts';

test('records what each application asked, members of batches and refused calls included', async (t) => {
  const cloud = await startCloud();
  t.after(() => cloud.stop());
  const { people, outlook } = cloud.context.directory;
  const [astrid] = people;
  assert.ok(astrid !== undefined);
  await cloud.call('GET', `/users/${astrid.entraId}/calendar/events`);
  await cloud.call('GET', `/users/${encodeURIComponent(astrid.address)}/events/a%2Fb`, { as: outlook });
  for (const path of ['/users', '/domains', '/me', '/subscriptions/7', '/subscriptions/8'])
    await cloud.call('GET', path);
  const member = { id: '1', method: 'GET', url: `/users/${astrid.entraId}/mailboxSettings` };
  await cloud.call('POST', '/$batch', { body: { requests: [member] } });
  const rows: unknown = (await cloud.control('GET', 'operations')).json;
  const appliance = (method: string, path: string, times = 1) => ({ app: 'appliance', method, path, times });
  assert.deepEqual(rows, [
    appliance('GET', '/users/{id}/calendar/events'),
    { app: 'outlook', method: 'GET', path: '/users/{id}/events/{id}', times: 1 },
    appliance('GET', '/users'),
    appliance('GET', '/domains'),
    appliance('GET', '/me'),
    appliance('GET', '/subscriptions/{id}', 2),
    appliance('POST', '/$batch'),
    appliance('GET', '/users/{id}/mailboxSettings'),
  ]);
});
