import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, program } from './program.ts';

const SHIPPED = readFileSync('appliance.config.toml', 'utf8');

test('config show-default prints the configuration that is shipped', (t) => {
  assert.deepEqual(program(folder(t), 'config', 'show-default'), { status: 0, stdout: SHIPPED, stderr: '' });
});

test('config init writes it once and never over another', (t) => {
  const directory = folder(t);
  assert.equal(program(directory, 'config', 'init').status, 0);
  const file = join(directory, 'appliance.config.toml');
  assert.equal(readFileSync(file, 'utf8'), SHIPPED);
  const again = program(directory, 'config', 'init');
  assert.equal(again.status, 1);
  assert.match(again.stderr, /not overwritten/);
  assert.equal(program(directory, 'config', 'init', '--config', 'missing/folder/file.toml').status, 74);
});

test('config check names the placeholders that init leaves', (t) => {
  const directory = folder(t);
  program(directory, 'config', 'init');
  const { status, stderr } = program(directory, 'config', 'check');
  assert.equal(status, 78);
  assert.match(stderr, /appliance\.config\.toml.*tenant_id/);
});
