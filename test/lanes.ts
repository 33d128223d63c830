/**
 * `npm test`: every fast test in two lanes side by side. Folders whose tests keep to themselves share one process, which saves most
 * of the time that starting a process for each file takes; the others have a process a file. Ends with 1 when any test failed.
 */
import { spawn } from 'node:child_process';

const SHARED = ['domain', 'graph', 'kms', 'net', 'ops', 'scripts', 'seal', 'store', 'sync', 'webex'];
/** They have commands of their own, and what is in the first lane. */
const APART = ['package', 'foreign', 'life', ...SHARED];
const OPTIONS = ['--import', './test/compile-cache.ts', '--test', '--test-timeout=240000'];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `isShown`: what it prints is shown at once, and else given back. */
function lane(isShown: boolean, ...options: readonly string[]): Promise<Ended> {
  const stdio = isShown ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [...OPTIONS, ...options], { stdio: ['ignore', stdio, 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

const shared = SHARED.map((folder) => `test/${folder}/**/*.test.ts`);
const lanes = [
  lane(true, '--test-concurrency=2', 'test/*.test.ts', `test/!(${APART.join('|')})/**/*.test.ts`),
  lane(false, '--test-isolation=none', ...shared),
];
const ended = await Promise.all(lanes);
process.stdout.write(`\n${ended.map(({ output }) => output).join('')}`);
process.exitCode = ended.every(({ code }) => code === 0) ? 0 : 1;
