import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFakeAppliance, start } from './fake-appliance.ts';

test('every host is told with what it is for and what goes there in clear', async (t) => {
  const folder = await openFakeAppliance(t);
  const { code, stdout, stderr } = await start(folder, ['egress']);
  assert.deepEqual([code, stderr], [0, '']);
  const hosts = stdout.split('\n\n');
  assert.equal(hosts.length, 5);
  assert.match(
    hosts[0] ?? '',
    /^https:\/\/login\.microsoftonline\.com {2}not used yet, 0 bytes out, 0 bytes in$/m,
  );
  assert.match(hosts[2] ?? '', /^ {2}in clear: nothing sensitive$/m);
  assert.match(
    hosts[4] ?? '',
    /POST \/meetings {2}title: the subject of the meeting \(scheduling\.share_title is on\)/,
  );
});

test('a program gets the same as JSON', async (t) => {
  const folder = await openFakeAppliance(t);
  const { hosts } = JSON.parse((await start(folder, ['egress', '--json'])).stdout);
  const [login] = hosts;
  assert.deepEqual([login.upstream, login.lastUsedAt, login.clear], ['graph', null, []]);
  assert.equal(hosts[4].clear[0].call, 'GET /people');
  assert.equal(hosts[4].bytesOut, 1_234_567);
});
