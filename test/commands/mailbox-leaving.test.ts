import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PASSWORD } from '../web/web-rig.ts';
import { openFakeAppliance, start } from './fake-appliance.ts';

const ADA = 'ada@nordwind.example';

test('an export goes into a new file for the caller alone, never into the terminal', async (t) => {
  const folder = await openFakeAppliance(t);
  writeFileSync(join(folder, 'password.txt'), `${PASSWORD}\n`, { mode: 0o600 });
  const argv = ['mailbox', 'export', ADA, '--admin', 'ops', '--password-file', 'password.txt'];
  const done = await start(folder, [...argv, '--output', 'ada.json']);
  assert.deepEqual([done.code, done.stderr], [0, '']);
  assert.ok(!done.stdout.includes('Budget'));
  const file = join(folder, 'ada.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).meetings[0].subject, 'Budget');
  const again = await start(folder, [...argv, '--output', 'ada.json']);
  assert.equal(again.code, 74);
  assert.match(again.stderr, /is there already/);
});

test('a refused export leaves no file', async (t) => {
  const folder = await openFakeAppliance(t);
  writeFileSync(join(folder, 'password.txt'), 'wrong\n', { mode: 0o600 });
  const wrong = await start(folder, [
    ...[
      'mailbox',
      'export',
      ADA,
      '--admin',
      'ops',
      '--password-file',
      'password.txt',
      '--output',
      'ada.json',
    ],
  ]);
  assert.deepEqual([wrong.code, wrong.stderr], [1, 'hybrid-calendar: The name or the password is wrong.\n']);
  assert.equal(existsSync(join(folder, 'ada.json')), false);
});

test('without a terminal the password comes from a private file, and from nowhere else', async (t) => {
  const folder = await openFakeAppliance(t);
  const argv = ['mailbox', 'export', ADA, '--admin', 'ops', '--output', 'ada.json'];
  const nowhere = await start(folder, argv);
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /--password-file FILE/);
  writeFileSync(join(folder, 'open.txt'), `${PASSWORD}\n`, { mode: 0o644 });
  const exposed = await start(folder, [...argv, '--password-file', 'open.txt']);
  assert.equal(exposed.code, 78);
  assert.match(exposed.stderr, /can be read by other users/);
  assert.equal((await start(folder, [...argv, '--password', PASSWORD])).code, 2, 'there is no such option');
  for (const less of [argv.toSpliced(3, 2), argv.toSpliced(5, 2), argv.toSpliced(2, 1)])
    assert.equal((await start(folder, less)).code, 2);
});

test('forgetting says what other mailboxes go on holding', async (t) => {
  const folder = await openFakeAppliance(t);
  const { code, stdout } = await start(folder, ['mailbox', 'forget', ADA]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /3 other mailboxes hold 41 meetings\. Those that name ada@nordwind\.example keep doing so/,
  );
  const unknown = await start(folder, ['mailbox', 'forget', 'eve@nordwind.example']);
  assert.deepEqual([unknown.code, unknown.stdout], [1, '']);
});
