import assert from 'node:assert/strict';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { folder, program } from './program.ts';

test('version names the program, its commit and what is inside', (t) => {
  const { status, stdout } = program(folder(t), 'version', '--json');
  assert.equal(status, 0);
  const { version, commit, node, sqlite, libsodium, ...rest } = JSON.parse(stdout);
  assert.deepEqual(
    { version, node, rest },
    { version: packageJson.version, node: process.versions.node, rest: {} },
  );
  assert.match(commit, /^([0-9a-f]{40}(-dirty)?|unknown)$/);
  assert.match(libsodium, /^1\.0\.\d+$/);
  const [major = 0, minor = 0, patch = 0] = sqlite.split('.').map(Number);
  assert.ok(major * 1e6 + minor * 1e3 + patch >= 3_051_003, 'older ones may lose commits (WAL-reset bug)');
});

test('version says the same for people, also as --version', (t) => {
  const facts = JSON.parse(program(folder(t), 'version', '--json').stdout);
  const { stdout } = program(folder(t), '--version');
  for (const fact of Object.values(facts)) assert.ok(stdout.includes(String(fact)));
});
