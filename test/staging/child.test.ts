import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Child } from '../../src/staging/child.ts';

/** Says that it is up, and lives until it is ended. */
const PROGRAM = "process.on('message', () => {}); setInterval(() => {}, 60_000); process.send('up');";

const skip = process.platform === 'linux' ? false : 'only Linux tells when a process is gone';

test('starts a killed process again, and outlives what it tells one that has just died', {
  skip,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'child-'));
  const program = join(directory, 'program.cjs');
  writeFileSync(program, PROGRAM);
  const { promise: back, resolve } = Promise.withResolvers<void>();
  const deaths: (string | null)[] = [];
  let starts = 0;
  const child = new Child(
    { command: process.execPath, argv: [program] },
    {
      argv: [],
      greet: (send) => send({ hello: true }),
      line: () => undefined,
      died: (_, signal) => deaths.push(signal),
      message: () => {
        starts += 1;
        if (starts === 2) resolve();
        else killAndTell(child);
      },
    },
  );
  t.after(async () => {
    await child.stop();
    rmSync(directory, { recursive: true });
  });
  await back;
  assert.deepEqual(deaths, ['SIGKILL']);
});

/** The kernel has closed its end of the channel, and nobody here has noticed the death yet. */
function killAndTell(child: Child): void {
  const { pid } = child;
  process.kill(pid, 'SIGKILL');
  while (!isTakenApart(pid));
  child.send({ text: 'too late' });
}

function isTakenApart(pid: number): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
