import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { examine } from '../../../scripts/conformance/examine.ts';
import { RunningCloud } from '../../staging/running-cloud.ts';
import { BrokenProxy, type Spoiling } from './broken-proxy.ts';
import { VARIANTS } from './broken-variants.ts';

const PROGRAM = join(import.meta.dirname, '../../../scripts/conformance.ts');
const INGEST = '/calendar/ingest/v1';
const WDM = '/wdm/api/v1';

let cloud: RunningCloud;

before(async () => {
  cloud = await RunningCloud.start();
});
after(() => cloud.stop());

/** A person and a room. */
function users(): [string, string] {
  const { people, rooms } = cloud.context.directory;
  return [people[0]?.webexUserId ?? '', rooms[0]?.webexUserId ?? ''];
}

async function flawsThrough(spoiling: Spoiling, only = /./, withinMs = 5_000): Promise<string[]> {
  await using proxy = await BrokenProxy.start(cloud, spoiling);
  const facts = {
    ingestUrl: proxy.origin + INGEST,
    wdmUrl: proxy.origin + WDM,
    token: cloud.context.directory.serviceApp.token,
    appToken: cloud.context.directory.people[0]?.webexToken ?? null,
    users: users(),
    caPem: null,
    withinMs,
  };
  const outcomes = await examine(facts, { only });
  return outcomes.flatMap(({ name, flaw }) => (flaw === null ? [] : [`${name}: ${flaw}`]));
}

async function program(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

test('the simulated cloud passes, called as an administrator calls it', async () => {
  const file = (name: string, content: string): string => {
    writeFileSync(join(cloud.directory, name), content);
    return join(cloud.directory, name);
  };
  const [one, other] = users();
  const args = [
    ...['--ingest-url', cloud.context.baseUrl + INGEST, '--wdm-url', cloud.context.baseUrl + WDM],
    ...['--token-file', file('token', `${cloud.context.directory.serviceApp.token}\n`)],
    ...['--app-token-file', file('app-token', cloud.context.directory.people[0]?.webexToken ?? '')],
    ...['--ca-file', file('ca.pem', cloud.context.caPem), '--user', one, '--user', other],
  ];
  const { code, stdout } = await program(args);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^(\d+) of \1 passed$/m);
  assert.doesNotMatch(stdout, /FAILED/);
  const json = await program([...args, '--json']);
  assert.ok(JSON.parse(json.stdout).outcomes.every(({ flaw }: { flaw: unknown }) => flaw === null));
});

test('says what it was called without', async () => {
  const { code, stderr } = await program(['--user', 'a']);
  assert.deepEqual([code, stderr], [2, 'conformance: --user is given twice.\n']);
  assert.equal((await program(['--made-up'])).code, 2);
  const nowhere = await program(['--user', 'a', '--user', 'b', '--ingest-url', 'ftp://x']);
  assert.equal(nowhere.stderr, 'conformance: --ingest-url wants an address.\n');
});

test('a proxy that spoils nothing is passed through', async () => {
  assert.deepEqual(await flawsThrough({}), []);
});

test('waits when it is asked to, and goes on', async () => {
  let calls = 0;
  const body = JSON.stringify({ message: 'Slow.', errors: [{ description: 'Slow.' }], trackingId: 'T' });
  const headers = { 'content-type': 'application/json', 'retry-after': '1' };
  const flaws = await flawsThrough({
    asked: (asked) => {
      calls += 1;
      return calls === 2 ? { status: 429, headers, body } : asked;
    },
  });
  assert.deepEqual(flaws, []);
});

for (const { name, spoiling, found } of VARIANTS) {
  test(`finds the cloud side that ${name}`, async () => {
    assert.notDeepEqual(await flawsThrough(spoiling(), found, 1_000), []);
  });
}
