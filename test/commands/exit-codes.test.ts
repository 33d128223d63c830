import assert from 'node:assert/strict';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { OverallState } from '../../src/domain/status.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { HEALTHY } from '../web/status-samples.ts';
import { applianceFolder, openFakeAppliance, start } from './fake-appliance.ts';

const NOBODY = 65_534;
const ROOT = process.getuid?.() === 0;

test('0: what went well says nothing on standard error', async (t) => {
  const folder = await openFakeAppliance(t);
  for (const argv of [['help'], ['config', 'check'], ['mailbox', 'list'], ['status']]) {
    const { code, stderr } = await start(folder, argv);
    assert.deepEqual([code, stderr], [0, ''], argv.join(' '));
  }
});

test('1: the appliance refuses, with its own sentence', async (t) => {
  const addMailbox = async (): Promise<never> => {
    throw new AppError({
      code: 'conflict',
      reason: 'X',
      message: 'This address is enabled already, as a room.',
    });
  };
  const folder = await openFakeAppliance(t, { addMailbox });
  const { code, stdout, stderr } = await start(folder, ['mailbox', 'add', 'a@b.example']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(stderr, 'hybrid-calendar: This address is enabled already, as a room.\n');
});

test('69: nothing is running', async (t) => {
  const folder = applianceFolder(t);
  for (const argv of [['status'], ['mailbox', 'list'], ['setup', 'link', '--output', 'link.txt']]) {
    const { code, stderr } = await start(folder, argv);
    assert.equal(code, 69, argv.join(' '));
    assert.match(stderr, /^hybrid-calendar: the appliance is not running .*"hybrid-calendar run".*\n$/);
  }
});

test('70: a fault inside tells places and no content', async (t) => {
  const folder = applianceFolder(t);
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"mailboxes": zebra'));
  });
  await new Promise<void>((done) => server.listen(join(folder, 'data', 'command.sock'), done));
  t.after(() => server.close());
  const { code, stderr } = await start(folder, ['mailbox', 'list']);
  assert.equal(code, 70);
  assert.match(
    stderr,
    /^hybrid-calendar: an unexpected fault \(SyntaxError\)\.[\s\S]*\n {2}at list .*mailbox\.ts:\d+/,
  );
  assert.doesNotMatch(stderr, /zebra/);
});

test('74: the database is damaged', async (t) => {
  const folder = applianceFolder(t);
  writeFileSync(
    join(folder, 'data', 'hybrid-calendar.db'),
    'no database at all, however long it may be'.repeat(99),
  );
  const { code, stderr } = await start(folder, ['run']);
  assert.equal(code, 74);
  assert.match(stderr, /^hybrid-calendar: The database in store\.data_dir is damaged: .*\n$/);
});

test('75: another instance has the data directory, or another program the address', async (t) => {
  const folder = applianceFolder(t);
  const store = openStore({ dataDir: join(folder, 'data'), clock: realClock(), random: systemRandom() });
  const second = await start(folder, ['run']);
  store.close();
  assert.equal(second.code, 75);
  assert.match(
    second.stderr,
    /^hybrid-calendar: Another instance is already running on the data directory .*\n$/,
  );
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const env = { ...process.env, HYBRID_CALENDAR_WEB__ADMIN__LISTEN: `127.0.0.1:${port}` };
  const taken = await start(folder, ['run'], { env });
  assert.equal(taken.code, 75);
  assert.equal(
    taken.stderr,
    `hybrid-calendar: 127.0.0.1:${port} is in use by another program: stop that one, or choose another address.\n`,
  );
});

test('78: the data directory belongs to another tenant, or a laboratory', async (t) => {
  for (const theirs of ['production 0c000000-0000-4000-8000-000000000001', 'lab of another tenant']) {
    const folder = applianceFolder(t);
    const store = openStore({ dataDir: join(folder, 'data'), clock: realClock(), random: systemRandom() });
    store.write((w) => w.setSetting('installation', theirs));
    store.close();
    const { code, stderr } = await start(folder, ['run']);
    assert.equal(code, 78);
    assert.ok(
      stderr.startsWith(
        `hybrid-calendar: The database in store.data_dir belongs to another installation (${theirs}); this one is `,
      ),
    );
  }
});

/** Runs as an account that owns nothing here. */
function asSomebodyElse(t: TestContext, folder: string, argv: readonly string[]) {
  if (ROOT) return start(folder, argv, { uid: NOBODY, gid: NOBODY });
  // Without the rights of root the owner himself can be locked out.
  chmodSync(join(folder, 'data'), 0o000);
  t.after(() => chmodSync(join(folder, 'data'), 0o700));
  return start(folder, argv);
}

test('77: the account may not talk to the appliance', async (t) => {
  const folder = await openFakeAppliance(t);
  const { code, stderr } = await asSomebodyElse(t, folder, ['mailbox', 'list']);
  assert.equal(code, 77);
  assert.match(stderr, /^hybrid-calendar: this account may not talk to the appliance/);
});

test('77: the account may not use the data directory', async (t) => {
  const folder = applianceFolder(t);
  if (ROOT) for (const name of ['secret', 'token', 'ca.pem']) chownSync(join(folder, name), NOBODY, NOBODY);
  const { code, stderr } = await asSomebodyElse(t, folder, ['run']);
  assert.equal(code, 77);
  assert.match(stderr, /^hybrid-calendar: \S*data\S* is not permitted to this account: .*\n$/);
});

test('78: the configuration has problems, or names what is not there', async (t) => {
  const folder = applianceFolder(t, '[log]\nlevel = "loud"\n[sync]\nmode = "push"\n');
  for (const argv of [['config', 'check'], ['run'], ['status'], ['mailbox', 'list']]) {
    const { code, stdout, stderr } = await start(folder, argv);
    assert.deepEqual([code, stdout], [78, ''], argv.join(' '));
    assert.match(stderr, /:\d+: log\.level .*\n.*:\d+: sync\.mode .*\n$/);
  }
  const json = await start(folder, ['config', 'check', '--json']);
  assert.equal(json.code, 78);
  assert.deepEqual(
    JSON.parse(json.stdout).problems.map((problem: { key: string }) => problem.key),
    ['log.level', 'sync.mode'],
  );
  const pair = '[web.admin]\ncert_file = "none.pem"\nkey_file = "none.key"\n';
  const absent = await start(applianceFolder(t, pair), ['run']);
  assert.equal(absent.code, 78);
  assert.match(
    absent.stderr,
    /^hybrid-calendar: \S+none\.pem can't be read: .* \S+none\.key can't be read: .*\n$/,
  );
});

test('status mirrors the health in its exit code', async (t) => {
  const expected: Readonly<Record<OverallState, number>> = {
    operational: 0,
    maintenanceMode: 0,
    impaired: 1,
    outage: 69,
  };
  let overall: OverallState = 'operational';
  const folder = await openFakeAppliance(t, { health: () => ({ ...HEALTHY, overall }) });
  for (const [state, code] of Object.entries(expected)) {
    overall = state as OverallState;
    const text = await start(folder, ['status']);
    assert.deepEqual([text.code, text.stderr], [code, ''], state);
    const json = await start(folder, ['status', '--json']);
    assert.deepEqual([json.code, JSON.parse(json.stdout).status], [code, state]);
  }
});
