import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Directory, openDirectory } from '../../src/staging/cloud/directory.ts';
import { Disk } from '../../src/staging/cloud/disk.ts';
import { Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

/** Addresses that Exchange takes, in place of those of the simulated people from the second on. */
const ADDRESSES = [
  "siobhán.o'neil@nordwind.example".normalize('NFKD').replace(/\u0301/g, ''),
  'ann+calendar@nordwind.example',
  'ann#ext#@nordwind.example',
  'ann%2fb&c=d?e@nordwind.example',
  '{ann}|`~^*!$@nordwind.example',
  'ann/bob@nordwind.example',
  'ann@xn--mller-kva.example',
];

describe('mailboxes with addresses that need care', () => {
  let installation: Installation;
  let outlook: Outlook;

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hybrid-calendar-'));
    settle(join(directory, 'cloud'));
    // It is ready when every mailbox is: added, found at Graph and at Webex, and subscribed to.
    installation = await Installation.launch({ program: [process.execPath, 'src/main.ts'], directory });
    outlook = await Outlook.signIn(installation);
  });
  after(() => installation.stop());

  const command = (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    return Installation.run('mailbox', ...argv, '--config', config);
  };

  test('each is watched, gets the join details of its own room and sees its list (promise 21)', async () => {
    const people = installation.facts.users.slice(1);
    assert.deepEqual(
      people.map(({ address }) => address),
      ADDRESSES,
    );
    for (const owner of people) await outlook.book(owner, { subject: owner.name });
    for (const owner of people) {
      const app = new WebexApp(installation, owner);
      await installation.until(async () => {
        const [meeting] = await app.meetings();
        return meeting?.subject === owner.name && meeting.joinUrl !== undefined;
      });
    }
  });

  test('an international domain is the same in both spellings', async () => {
    const before = (await command('list')).stdout.split('\n').length;
    for (const address of ['ann@müller.example', 'ANN@XN--MLLER-KVA.EXAMPLE']) {
      const { code, stderr } = await command('add', address);
      assert.equal(code, 0, stderr);
    }
    assert.equal((await command('list')).stdout.split('\n').length, before);
    assert.equal((await command('retry', 'ann@müller.example')).code, 0);
  });

  test('what Exchange refuses is refused, with what is allowed', async () => {
    for (const address of ['"ann b"@nordwind.example', 'jörg@nordwind.example', 'ann..b@nordwind.example']) {
      const { code, stderr } = await command('add', address);
      assert.equal(code, 1);
      assert.match(stderr, /address must be a mail address such as name@example\.com/);
    }
  });
});

/** Prepares the cloud's tenant before its first start. */
function settle(cloudDirectory: string): void {
  const disk = new Disk(cloudDirectory);
  const directory = openDirectory(disk);
  const people = directory.people.map((one, n) => ({ ...one, address: ADDRESSES[n - 1] ?? one.address }));
  disk.table<Directory>('directory').put('directory', { ...directory, people });
  disk.close();
}
