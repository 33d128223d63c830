import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

describe('what is held on people', () => {
  let installation: Installation;
  let outlook: Outlook;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'data-handling-'));
    installation = await Installation.start();
    outlook = await Outlook.signIn(installation);
  });
  after(async () => {
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const run = (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    return Installation.run(...argv, '--config', config);
  };
  const command = async (...argv: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...argv);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const isListed = async (n: number): Promise<boolean> =>
    (await command('mailbox', 'list', '--json')).includes(account(n).address);
  const exportOf = (n: number, file: string): string[] => {
    const { user, password } = installation.facts.admin;
    const passwordFile = join(folder, 'password.txt');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    const argv = ['mailbox', 'export', account(n).address, '--admin', user, '--output', join(folder, file)];
    return [...argv, '--password-file', passwordFile];
  };
  const rows = async () =>
    (await command('audit', 'export'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('is exported to an administrator who signs in for it', async () => {
    await outlook.book(account(1), {
      subject: 'Wedding plans',
      location: 'Town hall',
      attendees: [account(2)],
    });
    const app = new WebexApp(installation, account(1));
    await installation.until(async () => (await app.list()).length === 1);
    const stdout = await command(...exportOf(1, 'export.json'));
    assert.ok(!stdout.includes('Wedding plans'));
    const output = join(folder, 'export.json');
    assert.equal(statSync(output).mode & 0o777, 0o600);
    const held = JSON.parse(readFileSync(output, 'utf8'));
    assert.equal(held.mailbox.address, account(1).address);
    assert.equal(held.meetings[0].content.subject, 'Wedding plans');
    assert.equal(held.meetings[0].content.participants[0].address, account(2).address);
  });

  test('is forgotten beginning with the keys, and it is said what others go on holding', async () => {
    const app = new WebexApp(installation, account(1));
    const [item] = await app.list();
    const key: string = item.encryptionKeyUrl;
    await app.key(key);
    const stdout = await command('mailbox', 'forget', account(1).address);
    assert.match(stdout, /other mailboxes hold [1-9]\d* meetings/);
    await installation.until(async () => !(await isListed(1)));
    await assert.rejects(new WebexApp(installation, account(1)).key(key), /KMS refuses .* 403/);
    assert.deepEqual(await app.list(), []);
    const others = await new WebexApp(installation, account(2)).meetings();
    assert.deepEqual(
      others.map((one) => one.subject),
      ['Wedding plans'],
      'as was said',
    );
  });

  test('leaves an audit log that is whole, and that shows when it is not', async () => {
    const acts = (await rows()).map(({ act, phase, outcome }) => [act, phase, outcome].join(' '));
    for (const expected of [
      'admin.set-password outcome done',
      'mailbox.add outcome done',
      'mailbox.export intent ',
      'mailbox.export outcome done',
      'mailbox.forget intent ',
      'mailbox.forget outcome done',
    ])
      assert.ok(acts.includes(expected), expected);
    const file = join(folder, 'audit.jsonl');
    const text = await command('audit', 'export');
    writeFileSync(file, text);
    assert.match(await command('audit', 'verify', '--head', file), /each as it was written/);
    const offline = await Installation.run('audit', 'verify', file);
    assert.equal(offline.code, 0, offline.stderr);
    writeFileSync(file, text.replace('mailbox.forget', 'mailbox.retry'));
    const forged = await Installation.run('audit', 'verify', file);
    assert.equal(forged.code, 74);
    assert.match(forged.stderr, /is not what was written/);
  });

  test('went to hosts that are counted', async () => {
    const { hosts } = JSON.parse(await command('egress', '--json'));
    assert.deepEqual(
      hosts.map((one: { upstream: string }) => one.upstream),
      ['graph', 'kms', 'webex'],
    );
    for (const { upstream, bytesOut, bytesIn, lastUsedAt } of hosts)
      assert.ok(bytesOut > 1000 && bytesIn > 1000 && lastUsedAt !== null, upstream);
  });

  test('is written down as not known when the process dies meanwhile', async () => {
    const administrator = new Administrator(installation);
    const exports = () =>
      administrator
        .rows("SELECT phase, outcome, reason FROM audit WHERE act = 'mailbox.export' ORDER BY seq DESC")
        .map(({ phase, outcome, reason }) => [phase, outcome, reason]);
    // From now on only the directory key is in memory, and the export waits for the mailbox's own.
    await installation.restartAppliance();
    await installation.until(() => isListed(2));
    await installation.control('/kms/fault', { kind: 'lose-answers' });
    const asked = run(...exportOf(2, 'lost.json'));
    await installation.until(() => exports()[0]?.[0] === 'intent');
    await installation.restartAppliance();
    assert.notEqual((await asked).code, 0);
    assert.deepEqual(exports()[0], ['outcome', null, 'PROCESS_ENDED']);
    await installation.control('/kms/fault', { kind: 'none' });
    assert.match(await command('audit', 'verify'), /each as it was written/);
  });
});
