import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { TRANSIENT } from '../../scripts/modes/transient-trouble.ts';
import { CLEAR_FIELDS } from '../../src/domain/clear-fields.ts';
import { Administrator } from '../system/administrator.ts';
import { leaksIn, linesOf, usedFields } from '../system/closed-list.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { contains, filesBelow } from '../system/secret-search.ts';
import { WebexApp } from '../system/webex-app.ts';

const MEETINGS = 1000;
/** From the hundredth on. */
const CANCELLED = 20;
const AT_A_TIME = 16;
/** Longer than the safety net's interval: what no notification told of is asked for. */
const NET_MS = 16 * 60_000;
/** Stands in every sensitive field of every meeting. */
const STEM = `zq${Math.random().toString(36).slice(2, 14).padEnd(12, 'x')}`;
/** As the appliance and the cloud get them: the most talkative log, and temporary files of their own. */
const ENVIRONMENT = ['TMPDIR', 'HYBRID_CALENDAR_LOG__LEVEL'] as const;

/** All that Microsoft gets in clear. */
const TO_MICROSOFT = CLEAR_FIELDS.filter(({ host }) => host === 'graph.graph_url').map(
  ({ call, field }) => `${call} ${field}`,
);

/** Not so often as alone: that all strike at once is what counts here. */
const PROBABILITY = 0.01;
const DELIVERED = "SELECT count(*) AS n FROM meetings WHERE state = 'listed' AND delivered_version = version";
/** Jobs of a mailbox in trouble wait for minutes: they are what time has to go on for. */
const AT_WORK = `SELECT count(*) AS n FROM jobs AS j JOIN mailboxes AS m ON m.id = j.mailbox_id
  WHERE j.state IN ('waiting', 'leased') AND j.kind IN ('sync-event', 'deliver') AND m.retry_at IS NULL`;

describe('1,000 meetings with all transient misbehaviours, failures, a restart and a backup', () => {
  let installation: Installation;
  let outlook: Outlook;
  let base: string;
  const before_ = new Map(ENVIRONMENT.map((name) => [name, process.env[name]]));

  before(async () => {
    base = mkdtempSync(join(tmpdir(), 'confidential-'));
    for (const name of ['installation', 'tmp', 'backup']) mkdirSync(join(base, name));
    process.env.TMPDIR = join(base, 'tmp');
    process.env.HYBRID_CALENDAR_LOG__LEVEL = 'debug';
    const program = [process.execPath, 'src/main.ts'];
    installation = await Installation.launch({ program, directory: join(base, 'installation') });
    outlook = await Outlook.signIn(installation);
  });
  after(async () => {
    await installation.stop({ keepFiles: true });
    for (const [name, value] of before_)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    rmSync(base, { recursive: true, force: true });
  });

  const people = (): readonly Account[] => installation.facts.users;
  const account = (n: number): Account => {
    const found = people()[n % people().length];
    assert.ok(found !== undefined);
    return found;
  };

  test('are booked, moved, cancelled and delivered', async () => {
    for (const order of TRANSIENT)
      await installation.control('/graph/misbehaviour', { ...order, probability: PROBABILITY });
    const half = MEETINGS / 2;
    const made = await inParallel(half, book);
    await installation.control('/webex/faults', { path: '/calendar/ingest/', status: 503, times: 20 });
    await installation.control('/kms/fault', { kind: 'fail', times: 5 });
    made.push(...(await inParallel(half, (n) => book(half + n))));
    await installation.restartAppliance();
    await installation.control('/kms/fault', { kind: 'lose-answers', times: 2 });
    await inParallel(50, (n) => outlook.change(account(n), made[n] ?? '', { subject: `${STEM} later ${n}` }));
    await inParallel(CANCELLED, (n) => outlook.delete(account(100 + n), made[100 + n] ?? ''));
    await copyDatabase();
    await untilDelivered(MEETINGS - CANCELLED + guestCopies());
    assert.ok((await strikes()) > MEETINGS / 10, 'the misbehaviours struck');
  });

  test('reach the people who may read them', async () => {
    const app = new WebexApp(installation, account(0));
    const subjects = (await app.meetings()).map((one) => one.subject);
    assert.ok(subjects.includes(`${STEM} later 0`), 'the later subject');
    assert.ok(subjects.every((subject) => subject.startsWith(STEM)));
  });

  test('leave nothing readable in database, log, backup and temporary files', () => {
    const secrets = [STEM, ...names()];
    const places = [installation.facts.applianceDir, join(base, 'backup'), join(base, 'tmp')];
    const files = places.flatMap(filesBelow);
    const found = files.flatMap((file) => {
      const bytes = readFileSync(file);
      return secrets.filter((secret) => contains(bytes, secret)).map((secret) => `${secret} in ${file}`);
    });
    assert.deepEqual(found, []);
    for (const end of ['hybrid-calendar.db', 'hybrid-calendar.db-wal', 'copy.db', 'appliance.log'])
      assert.ok(
        files.some((file) => file.endsWith(end)),
        `${end} was searched`,
      );
    const log = readFileSync(join(installation.facts.applianceDir, 'appliance.log'), 'utf8');
    assert.match(log, /"level":"debug"|"level":20/, 'the log is the most talkative one');
    const cloud = filesBelow(join(installation.directory, 'cloud'));
    assert.ok(
      cloud.some((file) => contains(readFileSync(file), STEM)),
      'the search finds what stands in clear',
    );
  });

  test('leave nothing readable in health, metrics, traces, status, audit log and list of hosts', async () => {
    const { adminUrl } = installation.facts;
    const told: string[] = [];
    for (const path of ['/healthz?verbose', '/metrics'])
      told.push((await installation.call('GET', `${adminUrl}${path}`)).text);
    for (const argv of [
      ['status'],
      ['status', '--json'],
      ['egress', '--json'],
      ['audit', 'export'],
      ['trace', account(0).address, '--json'],
    ])
      told.push(await command(...argv));
    assert.ok(told.every((text) => text.length > 200));
    const secrets = [STEM, ...names()];
    const found = told.flatMap((text) => secrets.filter((secret) => contains(Buffer.from(text), secret)));
    assert.deepEqual(found, []);
  });

  for (const [wire, used] of [
    ['webex-wire.jsonl', ['POST /meetings hostEmail']],
    ['graph-wire.jsonl', TO_MICROSOFT],
  ] as const)
    test(`leave in ${wire} nothing but the closed list, and make use of it`, () => {
      const lines = linesOf(installation, wire);
      assert.ok(lines.length > MEETINGS, `${lines.length} requests`);
      const secrets = [STEM, ...names()];
      assert.deepEqual(leaksIn(lines, secrets, wire), []);
      assert.deepEqual(new Set(used).difference(usedFields(lines, secrets, wire)), new Set());
    });

  /** Addresses, names and personal rooms of everybody who is enabled. */
  function names(): string[] {
    const { users, rooms } = installation.facts;
    return [...users, ...rooms].flatMap((one) => [
      one.address,
      one.name,
      `/meet/${one.address.split('@')[0]}`,
    ]);
  }

  async function book(n: number): Promise<string> {
    const guests = hasGuest(n) ? [account(n + 1)] : [];
    const stranger = { name: `${STEM} Stranger ${n}`, address: `${STEM}${n}@elsewhere.example` } as Account;
    return await outlook.book(account(n), {
      subject: `${STEM} subject ${n}`,
      body: `<p>${STEM} body ${n} <a href="https://zoom.us/j/${10_000 + n}?pwd=${STEM}pwd${n}">join</a></p>`,
      location: `${keyword(n)} ${STEM} place ${n}`.trim(),
      attendees: [...guests, stranger],
      inHours: 24 + (n % 600),
    });
  }

  /** How often anything misbehaved. */
  async function strikes(): Promise<number> {
    const { json } = await installation.call('GET', `${installation.facts.controlUrl}/graph/misbehaviour`);
    return json.orders.reduce((sum: number, one: { struck: number }) => sum + one.struck, 0);
  }

  async function copyDatabase(): Promise<void> {
    const file = join(installation.facts.applianceDir, 'data', 'hybrid-calendar.db');
    const source = new DatabaseSync(file, { readOnly: true });
    try {
      await backup(source, join(base, 'backup', 'copy.db'));
    } finally {
      source.close();
    }
  }

  /** When everything that is known of is done, and something is missing, time goes on past the safety net. */
  async function untilDelivered(expected: number): Promise<void> {
    const administrator = new Administrator(installation);
    const number = (sql: string) => Number(administrator.rows(sql)[0]?.n);
    const isDone = () => number(DELIVERED) >= expected;
    const rests = () => number(AT_WORK) === 0;
    for (let jumps = 0; jumps < 6; jumps += 1) {
      await installation.until(() => isDone() || rests(), 150_000);
      if (isDone()) return;
      await installation.control('/clock', { jumpMs: NET_MS });
      await installation.until(() => isDone() || !rests());
    }
    assert.fail(`only ${number(DELIVERED)} of ${expected} meetings were delivered`);
  }

  async function command(...argv: string[]): Promise<string> {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    const { code, stdout, stderr } = await Installation.run(...argv, '--config', config);
    assert.equal(code, argv[0] === 'status' ? code : 0, stderr);
    return stdout;
  }
});

/** An enabled guest, besides the stranger. */
function hasGuest(n: number): boolean {
  return n % 4 === 0;
}

/** Those in the lists of guests at the end. */
function guestCopies(): number {
  return Array.from({ length: MEETINGS }, (_, n) => n).filter(
    (n) => hasGuest(n) && (n < 100 || n >= 100 + CANCELLED),
  ).length;
}

/** Every tenth has a keyword; of these every second one gets a meeting of its own. */
function keyword(n: number): string {
  if (n % 10 !== 0) return '';
  return n % 20 === 0 ? '@webex:onetime' : '@webex';
}

/** The results in order; so many at a time as people would cause. */
async function inParallel<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next++;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return results;
}
