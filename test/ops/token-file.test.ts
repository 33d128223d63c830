import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Secret } from '../../src/ops/secrets.ts';
import { tokenFile } from '../../src/ops/token-file.ts';

const PAIR = {
  accessToken: 'access',
  refreshToken: 'refresh',
  issuedAt: 1,
  accessEndsAt: 2,
  refreshEndsAt: null,
};
const GIVEN = new Secret('given by the administrator');

function directory(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'token-file-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('gives back what was kept last, from a file that nobody else can read', (t) => {
  const dir = directory(t);
  const keeper = tokenFile(dir, GIVEN);
  assert.equal(keeper.load(), null);
  keeper.save(PAIR);
  keeper.save({ ...PAIR, accessToken: 'newer' });
  assert.deepEqual(tokenFile(dir, GIVEN).load(), { ...PAIR, accessToken: 'newer' });
  assert.deepEqual(readdirSync(dir), ['webex-token.json']);
  assert.equal(statSync(join(dir, 'webex-token.json')).mode & 0o777, 0o600);
  assert.ok(!readFileSync(join(dir, 'webex-token.json'), 'utf8').includes(GIVEN.reveal()));
});

test('forgets what was kept for another authorisation, or damaged', (t) => {
  const dir = directory(t);
  tokenFile(dir, GIVEN).save(PAIR);
  assert.equal(tokenFile(dir, new Secret('another')).load(), null);
  writeFileSync(join(dir, 'webex-token.json'), '{"half": ');
  assert.equal(tokenFile(dir, GIVEN).load(), null);
});
