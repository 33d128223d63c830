import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

/** Of the reference (engineering.md B.11, C7). */
const ROTATIONS = 20;

describe('keys are rotated while people work and the appliance is killed (C7)', () => {
  let installation: Installation;
  let outlook: Outlook;
  let administrator: Administrator;

  before(async () => {
    installation = await Installation.start();
    outlook = await Outlook.signIn(installation);
    administrator = new Administrator(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const keys = async (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    const { code, stdout, stderr } = await Installation.run('keys', ...argv, '--config', config);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const report = async () => JSON.parse(await keys('status', '--json'));
  const count = (sql: string): number => administrator.rows(sql).length;
  const sealingKeys = () =>
    administrator
      .rows("SELECT uri FROM keys WHERE role = 'mailbox' AND renew_at IS NOT NULL ORDER BY uri")
      .map((row) => String(row.uri));
  /** Every meeting of the first three people, opened by their own apps. */
  const subjects = async () => {
    const lists = [0, 1, 2].map((n) => new WebexApp(installation, account(n)).meetings());
    return (await Promise.all(lists)).map((list) => list.map((one) => String(one.subject)).sort());
  };

  test('all keys of mailboxes, in the middle of changes and over a kill', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1)
      ids.push(await outlook.book(account(n % 3), { subject: `Before ${n}`, inHours: 24 + n }));
    await installation.until(async () => (await subjects()).flat().length === 6);
    const before = sealingKeys();
    const rotation = keys('rotate');
    for (const [n, id] of ids.entries())
      await outlook.change(account(n % 3), id, { subject: `Changed ${n}` });
    await rotation;
    await installation.restartAppliance();
    for (let n = 6; n < 9; n += 1)
      await outlook.book(account(n % 3), { subject: `Later ${n}`, inHours: 24 + n });
    await installation.until(async () => (await report()).rotation?.left === 0);
    const now = sealingKeys();
    assert.equal(now.length, before.length);
    assert.ok(now.every((uri) => !before.includes(uri)));
    const expected = [0, 1, 2].map((n) => [`Changed ${n}`, `Changed ${n + 3}`, `Later ${n + 6}`]);
    await installation.until(async () => JSON.stringify(await subjects()) === JSON.stringify(expected));
  });

  test('what older keys sealed stays as it is, and what is sealed now is under the new ones', async () => {
    const older = count(
      "SELECT 1 FROM meetings JOIN keys ON uri = key_uri WHERE state = 'listed' AND renew_at IS NULL",
    );
    const id = await outlook.book(account(4), { subject: 'Now' });
    const key = () =>
      administrator.rows('SELECT key_uri FROM meetings WHERE event_id = ?', id).at(0)?.key_uri;
    await installation.until(() => key() !== undefined);
    assert.ok(sealingKeys().includes(String(key())));
    assert.equal(
      count("SELECT 1 FROM meetings JOIN keys ON uri = key_uri WHERE state = 'listed' AND renew_at IS NULL"),
      older,
    );
  });

  test('twenty times on end while meetings change all the time: everything opens, and nothing is behind', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1)
      ids.push(await outlook.book(account(5 + n), { subject: `Round ${n}`, inHours: 30 }));
    const used = new Set(sealingKeys());
    for (let round = 1; round <= ROTATIONS; round += 1) {
      // A second of the clock passes: a key of the same second is no older than the order.
      await installation.control('/clock', { jumpMs: 1_000 });
      const rotation = keys('rotate');
      for (const [n, id] of ids.entries())
        await outlook.change(account(5 + n), id, { subject: `Round ${n} of ${round}` });
      await rotation;
      await installation.until(async () => (await report()).rotation?.left === 0);
      for (const uri of sealingKeys()) used.add(uri);
    }
    assert.equal(used.size, (ROTATIONS + 1) * sealingKeys().length, 'each time all of them');
    const shown = async (n: number) =>
      (await new WebexApp(installation, account(5 + n)).meetings()).map(({ subject }) => subject);
    for (const n of ids.keys())
      await installation.until(async () => (await shown(n)).includes(`Round ${n} of ${ROTATIONS}`));
  });

  test('the directory key, over a kill: every address is found and opened under the new one', async () => {
    const old = administrator.rows("SELECT uri FROM keys WHERE role = 'directory'").map((row) => row.uri);
    await installation.control('/clock', { jumpMs: 1_000 });
    await keys('rotate', '--directory');
    await installation.restartAppliance();
    const under = () =>
      administrator.rows('SELECT DISTINCT address_key FROM mailboxes').map((row) => row.address_key);
    await installation.until(() => under().every((uri) => !old.includes(uri)));
    assert.equal(under().length, 1);
    assert.equal((await report()).directory.underOlderKey, 0);
    const { address } = account(3);
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    const list = await Installation.run('mailbox', 'list', '--json', '--config', config);
    assert.ok(JSON.parse(list.stdout).mailboxes.every((one: { address: unknown }) => one.address !== null));
    const added = await Installation.run('mailbox', 'add', address, '--config', config);
    assert.equal(added.code, 0, added.stderr);
    assert.equal(count('SELECT id FROM mailboxes'), JSON.parse(list.stdout).mailboxes.length, 'nobody twice');
    const id = await outlook.book(account(3), { subject: 'After all', attendees: [account(4)] });
    const app = new WebexApp(installation, account(4));
    await installation.until(async () => (await app.meetings()).some((one) => one.subject === 'After all'));
    assert.ok(count(`SELECT 1 FROM meetings WHERE event_id = '${id}'`) > 0);
  });
});
