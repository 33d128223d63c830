import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { readSecret, Secret } from '../../src/ops/secrets.ts';

const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
after(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, text, { mode });
  return path;
}

test('reads a secret without its final newline', () => {
  assert.equal(readSecret(file('a', 'hunter2\n')).reveal(), 'hunter2');
  assert.equal(readSecret(file('b', ' spaced \r\n')).reveal(), ' spaced ');
});

test('never prints', () => {
  const secret = new Secret('hunter2');
  const nested = { deep: [secret] };
  const shown = [
    `${secret}`,
    String(secret),
    inspect(nested, { depth: 9, showHidden: true }),
    JSON.stringify(nested),
  ];
  for (const text of shown) {
    assert.match(text, /\[secret\]/);
    assert.doesNotMatch(text, /hunter2/);
  }
});

test('refuses a file that others may read, unless it is a systemd credential', () => {
  const path = file('open', 'hunter2', 0o640);
  assert.throws(() => readSecret(path), { reason: 'SECRET_FILE_EXPOSED' });
  assert.throws(() => readSecret(path, '/run/credentials/other'), { reason: 'SECRET_FILE_EXPOSED' });
  assert.equal(readSecret(path, directory).reveal(), 'hunter2');
});

test('refuses a missing, an empty and a huge file', () => {
  assert.throws(() => readSecret(join(directory, 'none')), { reason: 'SECRET_FILE_UNREADABLE' });
  assert.throws(() => readSecret(directory, tmpdir()), { reason: /SECRET_FILE_/ });
  assert.throws(() => readSecret(file('empty', '\n')), { reason: 'SECRET_FILE_EMPTY' });
  assert.throws(() => readSecret(file('huge', 'x'.repeat(70_000))), { reason: 'SECRET_FILE_TOO_LARGE' });
});
