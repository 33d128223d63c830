import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { childOf, unhinderedMs } from '../../../scripts/crash/process-facts.ts';

const skip = process.platform === 'linux' ? false : 'only Linux has /proc';

test('tells how long a process has lived, at most', { skip }, () => {
  const ms = unhinderedMs(process.pid);
  // The kernel counts the start in hundredths of a second.
  assert.ok(ms !== null && ms > 0 && ms <= process.uptime() * 1_000 + 20);
  assert.equal(unhinderedMs(0), null);
});

test('finds the child with that command, and none that is gone', { skip }, async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)', 'staging-something']);
  await once(child, 'spawn');
  assert.equal(childOf(process.pid, 'staging-something'), child.pid);
  assert.equal(childOf(process.pid, 'staging-other'), null);
  assert.equal(childOf(1, 'staging-something'), null);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(childOf(process.pid, 'staging-something'), null);
});
