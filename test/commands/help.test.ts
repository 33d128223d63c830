import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { start } from './fake-appliance.ts';
import { folder, program } from './program.ts';

/** As the overview lists them. */
const NAMES = [
  'staging',
  'book',
  'run',
  'config',
  'setup',
  'status',
  'mailbox',
  'keys',
  'admin',
  'explain',
  'trace',
  'egress',
  'audit',
  'rules',
  'preview',
  'ingest-profile',
  'version',
];
const GOLDEN = join(import.meta.dirname, 'help');
const AS_IT_IS = { serializers: [(value: string) => value] };
const ESCAPE = '\u001B[';

test('the overview names every command', (t) => {
  const { status, stdout, stderr } = program(folder(t), 'help');
  assert.deepEqual([status, stderr], [0, '']);
  t.assert.fileSnapshot(stdout, join(GOLDEN, 'overview.txt'), AS_IT_IS);
  for (const name of NAMES) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  assert.equal(program(folder(t)).stdout, stdout);
  assert.equal(program(folder(t), '--help').stdout, stdout);
});

for (const name of NAMES) {
  test(`the help of ${name} begins with examples and tells options, defaults and exit codes`, async (t) => {
    const { code, stdout, stderr } = await start(folder(t), [name, '--help']);
    assert.deepEqual([code, stderr], [0, '']);
    t.assert.fileSnapshot(stdout, join(GOLDEN, `${name}.txt`), AS_IT_IS);
    const sections = [...stdout.matchAll(/^(\w[\w ]*)$/gm)].map(([title]) => title);
    assert.deepEqual(sections, ['Examples', 'Usage', 'Options', 'Exit codes']);
    assert.equal((await start(folder(t), ['help', name])).stdout, stdout);
  });
}

test('help is plain where there is no terminal, and styled where that is asked for', async (t) => {
  const env = (more: Record<string, string>) => ({ env: { PATH: process.env.PATH ?? '', ...more } });
  const plain = await start(folder(t), ['help'], env({}));
  assert.ok(!plain.stdout.includes(ESCAPE));
  const forced = await start(folder(t), ['help'], env({ FORCE_COLOR: '1' }));
  assert.ok(forced.stdout.includes(`${ESCAPE}1mUsage`));
});

test('a terminal gets styles, but not with NO_COLOR and not when it is dumb', (t) => {
  if (!existsSync('/usr/bin/script')) return t.skip('needs the program "script" for a pseudo-terminal');
  const inTerminal = (more: Record<string, string>) =>
    execFileSync(
      '/usr/bin/script',
      ['-qec', `${process.execPath} ${resolve('src/main.ts')} help`, '/dev/null'],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...more },
      },
    );
  assert.ok(inTerminal({}).includes(`${ESCAPE}1mUsage`));
  assert.ok(!inTerminal({ NO_COLOR: '1' }).includes(ESCAPE));
  assert.ok(!inTerminal({ TERM: 'dumb' }).includes(ESCAPE));
});
