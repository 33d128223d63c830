import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, existsSync, fchmodSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { openFakeAppliance, start } from './fake-appliance.ts';

const LINK = 'https://127.0.0.1:9443/setup#c0de';

async function open(t: TestContext, url: string | null = LINK) {
  const asked: boolean[] = [];
  const folder = await openFakeAppliance(t, {
    makeSetupLink: (reset) => {
      asked.push(reset);
      return url;
    },
  });
  return { folder, asked };
}

/** Runs with standard output going into a file of this mode. */
async function intoFile(folder: string, mode: number, argv: readonly string[]) {
  const file = join(folder, `out-${mode.toString(8)}.txt`);
  const descriptor = openSync(file, 'wx');
  fchmodSync(descriptor, mode);
  const ended = await start(folder, argv, { stdio: ['ignore', descriptor, 'pipe'] });
  closeSync(descriptor);
  return { ...ended, stdout: readFileSync(file, 'utf8') };
}

test('a pipe or a readable file gets no link, and none is made', async (t) => {
  const { folder, asked } = await open(t);
  const piped = await start(folder, ['setup', 'link']);
  const readable = await intoFile(folder, 0o644, ['setup', 'link']);
  for (const { code, stdout, stderr } of [piped, readable]) {
    assert.deepEqual([code, stdout], [77, '']);
    assert.match(
      stderr,
      /^hybrid-calendar: the link is shown in a terminal only, or written with --output FILE/,
    );
  }
  assert.deepEqual(asked, []);
});

test('a private file gets it, by redirection or by name', async (t) => {
  const { folder } = await open(t);
  const redirected = await intoFile(folder, 0o600, ['setup', 'link']);
  assert.deepEqual([redirected.code, redirected.stdout], [0, `${LINK}\n`]);
  const named = await start(folder, ['setup', 'link', '--output', 'link.txt']);
  assert.equal(named.code, 0);
  assert.doesNotMatch(named.stdout, /c0de/);
  assert.equal(readFileSync(join(folder, 'link.txt'), 'utf8'), `${LINK}\n`);
  assert.equal(statSync(join(folder, 'link.txt')).mode & 0o777, 0o600);
});

test('a terminal gets it', async (t) => {
  if (!existsSync('/usr/bin/script')) return t.skip('needs the program "script" for a pseudo-terminal');
  const { folder, asked } = await open(t);
  const line = `${process.execPath} ${resolve('src/main.ts')} setup link --reset`;
  const { stdout } = await promisify(execFile)('/usr/bin/script', ['-qec', line, '/dev/null'], {
    cwd: folder,
  });
  assert.equal(stdout.trim(), LINK);
  assert.deepEqual(asked, [true]);
});

test('an existing file is never written to', async (t) => {
  const { folder, asked } = await open(t);
  writeFileSync(join(folder, 'there.txt'), 'mine');
  const { code, stderr } = await start(folder, ['setup', 'link', '--output', 'there.txt']);
  assert.equal(code, 74);
  assert.match(stderr, /there\.txt is not written: it is there already/);
  assert.equal(readFileSync(join(folder, 'there.txt'), 'utf8'), 'mine');
  const nowhere = await start(folder, ['setup', 'link', '--output', 'no/such/folder.txt']);
  assert.equal(nowhere.code, 74);
  assert.deepEqual(asked, []);
});

test('a refusal leaves no file behind', async (t) => {
  const { folder } = await open(t, null);
  const { code, stderr } = await start(folder, ['setup', 'link', '--output', 'link.txt']);
  assert.equal(code, 1);
  assert.match(stderr, /^hybrid-calendar: An administrator exists already: sign in, or add --reset/);
  assert.equal(existsSync(join(folder, 'link.txt')), false);
});

test('a listener on every address is named by the machine', async (t) => {
  const { folder } = await open(t, 'https://0.0.0.0:9443/setup#c0de');
  const { stdout } = await intoFile(folder, 0o600, ['setup', 'link']);
  assert.equal(stdout, `https://${hostname().toLowerCase()}:9443/setup#c0de\n`);
});
