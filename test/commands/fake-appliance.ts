import { type SpawnOptions, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { listen } from '../../src/net/listen.ts';
import { type CommandDeps, commandApp } from '../../src/web/command-socket.ts';
import { AUDIT_SAMPLE } from '../web/audit-sample.ts';
import { EGRESS_SAMPLE } from '../web/egress-sample.ts';
import { KEYS } from '../web/key-samples.ts';
import { leavingAnswers } from '../web/leaving-answers.ts';
import { HEALTHY } from '../web/status-samples.ts';
import { testRandom } from '../web/web-rig.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts one command in the folder and waits for its end; the test's own servers go on meanwhile. */
export async function start(
  cwd: string,
  argv: readonly string[],
  options: SpawnOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [resolve('src/main.ts'), ...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const code = new Promise<number | null>((done) => child.once('exit', done));
  const [stdout, stderr] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { code: await code, stdout, stderr };
}

/** A folder with a good configuration and the files it names; whatever is over the default is added to the text. */
export function applianceFolder(t: TestContext, more = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'appliance-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // For a test that runs the program as somebody else.
  chmodSync(folder, 0o755);
  for (const name of ['secret', 'token', 'ca.pem']) writeFileSync(join(folder, name), 'x\n', { mode: 0o600 });
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  writeFileSync(join(folder, 'appliance.config.toml'), `${CONFIG}${more}`);
  return folder;
}

const CONFIG = `[store]
data_dir = "data"
[graph]
tenant_id = "0a000000-0000-4000-8000-000000000001"
client_id = "0a000000-0000-4000-8000-000000000002"
client_secret_file = "secret"
[kms]
url = "https://kms.example.com"
user_id = "0a000000-0000-4000-8000-000000000003"
token_file = "token"
ca_file = "ca.pem"
[webex]
ingest_url = "https://ingest.example.com"
token_file = "token"
`;

/** The same folder with the real command socket in front of made-up answers. */
export async function openFakeAppliance(t: TestContext, deps: Partial<CommandDeps> = {}): Promise<string> {
  const folder = applianceFolder(t);
  const app = commandApp({
    random: testRandom,
    addMailbox: async () => ({ id: 1, created: true }),
    retryMailbox: async () => true,
    removeMailbox: async () => true,
    resyncMailbox: async () => true,
    resyncProgress: () => ({ mailboxes: 0, resting: 0, meetings: 0 }),
    setReminderLead: async () => true,
    mailboxes: async () => HEALTHY.mailboxes,
    traces: async () => [],
    undecorate: async () => 0,
    setAdmin: async () => undefined,
    makeSetupLink: () => null,
    health: () => HEALTHY,
    egress: () => EGRESS_SAMPLE,
    ...leavingAnswers(),
    auditHead: () => Promise.reject(new Error('nothing is signed here')),
    auditRows: (first, limit) => AUDIT_SAMPLE.slice(first - 1, first - 1 + limit),
    keys: () => KEYS,
    rotateKeys: async () => 'asked',
    fault: () => undefined,
    ...deps,
  });
  const socketPath = join(folder, 'data', 'command.sock');
  const listening = await listen({ fetch: (request) => app.fetch(request), socketPath });
  t.after(() => listening.close());
  return folder;
}
