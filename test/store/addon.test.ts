import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadAddon } from '../../src/store/addon.ts';

const PREBUILT = `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`;
const skip = existsSync('/proc/self/fd') ? false : 'the single file is made for Linux; here is no /proc';

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'addon-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

// First: once an addon is loaded, the system's loader takes every later file with the same descriptor for it.
test('what can not be loaded is refused with a remedy and leaves no file', { skip }, (t) => {
  const directory = folder(t);
  const refusal = { reason: 'ADDON_NOT_LOADED', code: 'invalid', message: /TMPDIR/ };
  assert.throws(() => loadAddon(Buffer.from('no addon'), directory), refusal);
  assert.throws(() => loadAddon(Buffer.alloc(0), join(directory, 'missing')), refusal);
  assert.deepEqual(readdirSync(directory), []);
});

test('an addon loads from its bytes alone and leaves no file', { skip }, (t) => {
  const directory = folder(t);
  const addon = loadAddon(readFileSync(PREBUILT), directory);
  assert.ok(typeof addon === 'object' && addon !== null && 'Database' in addon);
  assert.deepEqual(readdirSync(directory), []);
});
