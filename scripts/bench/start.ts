import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { selfSignedCertificate } from '../../src/ops/self-signed.ts';
import type { Measure } from './measure.ts';
import { median } from './quantile.ts';

const SINGLE_FILE = 'dist/hybrid-calendar-linux-x64';
const READY = '"event":"appliance.started"';

/** From the spawning of the process to the line that says that it listens and works, over an existing database. */
export const start: Measure = {
  name: 'start',
  async run({ quick }) {
    const directory = mkdtempSync(join(tmpdir(), 'hybrid-calendar-bench-'));
    const runs = quick ? 5 : 15;
    try {
      const argv = ['run', '--config', await writeConfig(directory)];
      const figures = { 'start.ready_ms': await readyMs([process.execPath, 'src/main.ts', ...argv], runs) };
      if (!existsSync(SINGLE_FILE)) return { ...figures, 'start.runs': runs };
      const single = await readyMs([SINGLE_FILE, ...argv], runs);
      return { ...figures, 'start.single_file_ready_ms': single, 'start.runs': runs };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** The first run makes the database and does not count. */
async function readyMs(command: readonly string[], runs: number): Promise<number> {
  await startOnce(command);
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) times.push(await startOnce(command));
  return median(times);
}

async function startOnce([program = '', ...argv]: readonly string[]): Promise<number> {
  const begin = performance.now();
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes(READY)) continue;
    const ready = performance.now() - begin;
    child.kill('SIGTERM');
    await exit;
    return ready;
  }
  throw new Error(`${program} ended before it was ready`);
}

/** A configuration as a new customer has it: no mailbox yet, so that no upstream is called. */
async function writeConfig(directory: string): Promise<string> {
  const { certPem } = await selfSignedCertificate({ directory, names: ['kms.example'], now: Date.now() });
  writeFileSync(join(directory, 'kms-ca.pem'), certPem);
  for (const name of ['graph-secret', 'kms-token', 'webex-token'])
    writeFileSync(join(directory, name), 'secret\n', { mode: 0o600 });
  const file = join(directory, 'appliance.config.toml');
  writeFileSync(file, CONFIG);
  return file;
}

const CONFIG = `[graph]
tenant_id = "0a000000-0000-4000-8000-000000000001"
client_id = "0a000000-0000-4000-8000-000000000002"
client_secret_file = "graph-secret"
[kms]
url = "https://kms.example"
user_id = "0a000000-0000-4000-8000-000000000003"
token_file = "kms-token"
ca_file = "kms-ca.pem"
[webex]
ingest_url = "https://ingest.example"
token_file = "webex-token"
[web]
public_url = "https://appliance.example"
[web.public]
listen = "127.0.0.1:0"
[web.admin]
listen = "127.0.0.1:0"
`;
