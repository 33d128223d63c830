import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { EXIT, type ExitCode } from '../../src/ops/exit-codes.ts';
import { Lifecycle } from '../../src/ops/lifecycle.ts';

function open() {
  const told: string[] = [];
  const source = new EventEmitter();
  const left = Promise.withResolvers<ExitCode>();
  const lifecycle = new Lifecycle({
    clock: { monotonicMs: () => performance.now() },
    stopping: (reason) => told.push(`stopping ${reason}`),
    fault: (reason) => told.push(reason),
    exit: (code) => {
      told.push(`exit ${code}`);
      left.resolve(code);
    },
  });
  lifecycle.attach(source);
  return { told, source, lifecycle, left: left.promise };
}

test('stops in reverse order and leaves with 0', async () => {
  const { told, source, lifecycle, left } = open();
  lifecycle.onStop('store', 1000, () => void told.push('store'));
  lifecycle.onStop('worker', 1000, () => void told.push(`worker ${lifecycle.signal.aborted}`));
  source.emit('SIGTERM');
  assert.equal(await left, EXIT.ok);
  assert.deepEqual(told, ['stopping SIGTERM', 'worker true', 'store', 'exit 0']);
});

test('leaves a hanging and a failing part behind, says so and exits with 1', async () => {
  const { told, source, lifecycle, left } = open();
  lifecycle.onStop('store', 1000, () => void told.push('store'));
  lifecycle.onStop('listener', 1000, () => Promise.reject(new Error('x')));
  lifecycle.onStop('worker', 20, () => new Promise(() => undefined));
  source.emit('SIGINT');
  assert.equal(await left, EXIT.failure);
  assert.deepEqual(told, [
    'stopping SIGINT',
    'STOP_OVERDUE:worker',
    'STOP_FAILED:listener',
    'store',
    'exit 1',
  ]);
});

test('leaves at once at the second signal', async () => {
  const { source, lifecycle, left } = open();
  lifecycle.onStop('worker', 1000, () => new Promise(() => undefined));
  source.emit('SIGTERM');
  source.emit('SIGTERM');
  assert.equal(await left, EXIT.failure);
});

test('stops and leaves with 70 after an uncaught fault', async () => {
  const { told, source, left } = open();
  source.emit('uncaughtException', new Error('x'));
  assert.equal(await left, EXIT.internal);
  assert.deepEqual(told, ['UNCAUGHT', 'stopping fault', 'exit 70']);
});

const PROGRAM = `
  import { untilStopped } from ${JSON.stringify(new URL('../../src/ops/lifecycle.ts', import.meta.url).href)};
  const alive = setInterval(() => undefined, 1000);
  const stopped = untilStopped(async (reason) => { process.stdout.write('stop ' + reason); });
  process.stdout.write('up ');
  if (process.argv[1] === 'fault') queueMicrotask(() => { throw new Error('zebra'); });
  await stopped;
  clearInterval(alive);
`;

async function run(mode: string, signal: NodeJS.Signals | null) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, mode]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part) => {
    if (out === '' && signal !== null) child.kill(signal);
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

test('carries a real process from its signal to exit code 0', async () => {
  assert.deepEqual(await run('', 'SIGTERM'), { code: 0, out: 'up stop SIGTERM', err: '' });
});

test('carries a real process from an uncaught fault to 70, without the message', async () => {
  const { code, out, err } = await run('fault', null);
  assert.deepEqual([code, out], [70, 'up stop fault']);
  assert.match(err, /"reason":"UNCAUGHT"/);
  assert.doesNotMatch(err, /zebra/);
});
