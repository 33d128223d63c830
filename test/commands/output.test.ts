import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { HEALTHY, TROUBLED } from '../web/status-samples.ts';
import { openFakeAppliance, start } from './fake-appliance.ts';

test('who reads the first line only gets no trace of a broken pipe', async (t) => {
  const [one] = HEALTHY.mailboxes;
  assert.ok(one !== undefined);
  const many = Array.from({ length: 20_000 }, (_, id) => ({ ...one, id }));
  const folder = await openFakeAppliance(t, { mailboxes: async () => many });
  const child = spawn(process.execPath, [resolve('src/main.ts'), 'mailbox', 'list'], { cwd: folder });
  child.stdout.once('data', () => child.stdout.destroy());
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.deepEqual([code, stderr], [0, '']);
});

test('nothing is said when standard output is closed from the start', async (t) => {
  const folder = await openFakeAppliance(t);
  for (const argv of [['help'], ['mailbox', 'list'], ['status', '--json']]) {
    const child = spawn(process.execPath, [resolve('src/main.ts'), ...argv], { cwd: folder });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.deepEqual([code, stderr], [0, ''], argv.join(' '));
  }
});

test('mailboxes are listed one a line, or as JSON', async (t) => {
  const mailboxes = TROUBLED.mailboxes.map((one) => (one.id === 1 ? { ...one, address: null } : one));
  const folder = await openFakeAppliance(t, { mailboxes: async () => mailboxes });
  const { stdout } = await start(folder, ['mailbox', 'list']);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, mailboxes.length);
  assert.equal(lines[0], '    1  person  activated      (address sealed)');
  assert.equal(lines[2], '    3  person  out-of-scope   chen.wei@contoso.example  (GRAPH_MAILBOX_DENIED)');
  const json = JSON.parse((await start(folder, ['mailbox', 'list', '--json'])).stdout);
  assert.deepEqual(json.mailboxes[2], {
    id: 3,
    kind: 'person',
    address: 'chen.wei@contoso.example',
    state: 'out-of-scope',
    reason: 'GRAPH_MAILBOX_DENIED',
  });
});

test('the status tells state, stages, alarms with their remedy and counts, and no address', async (t) => {
  const folder = await openFakeAppliance(t, { health: () => TROUBLED });
  const { stdout } = await start(folder, ['status']);
  assert.equal(
    stdout,
    `Outage: The key management server does not answer
hybrid-calendar 0.1.0 (LAB), running since 2026-11-21 06:30 UTC, notifications from Microsoft 365; read at 2026-11-23 09:30 UTC

graph      ok            0 waiting  last success 2026-11-23 09:30 UTC
inbox      waiting      41 waiting  last success 2026-11-23 09:30 UTC
keys       failing       2 waiting  last success 2026-11-23 09:27 UTC  KMS_UNREACHABLE
outbox     waiting       3 waiting  last success 2026-11-23 09:30 UTC
webex      ok            0 waiting  last success 2026-11-23 09:30 UTC

warning: A mailbox can’t be served (mailbox 3), since 2026-11-23 04:30 UTC (GRAPH_MAILBOX_DENIED)
  An application access policy keeps the appliance out of this mailbox: it has to join the policy’s group.

error: The key management server does not answer, since 2026-11-23 09:23 UTC (KMS_UNREACHABLE)
  Check kms.url and the network. Keys in memory serve for a while (kms.max_offline); what needs others waits, and goes on by itself.

mailboxes  10 activated, 1 out-of-scope
meetings   118 listed, 1204 delivered today, 42 deleted last hour, 2 given up
`,
  );
  const json = await start(folder, ['status', '--json']);
  assert.doesNotMatch(json.stdout, /@/);
  assert.equal(JSON.parse(json.stdout).alarms[0].subject, 3);
});

test('a status read where there is a terminal has the colour of its state', async (t) => {
  const folder = await openFakeAppliance(t, { health: () => TROUBLED });
  const { stdout } = await start(folder, ['status'], { env: { FORCE_COLOR: '1' } });
  assert.ok(
    stdout.startsWith('\u001B[1m\u001B[31mOutage\u001B[39m\u001B[22m: '),
    JSON.stringify(stdout.slice(0, 30)),
  );
});
