import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { commitOf } from '../../src/ops/version.ts';

/** A checkout with one committed file, and its commit. */
function checkout(t: TestContext): { directory: string; head: string } {
  const directory = mkdtempSync(join(tmpdir(), 'commit-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv], {
      cwd: directory,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  writeFileSync(join(directory, 'file'), 'one');
  git('add', 'file');
  git('commit', '--quiet', '--message', 'one');
  git('tag', 'v1');
  return { directory, head: git('rev-parse', 'HEAD').trim() };
}

test('the commit of a checkout is its head, whatever tags there are', (t) => {
  const { directory, head } = checkout(t);
  assert.equal(commitOf(directory), head);
});

test('a changed file shows behind the commit, a foreign one does not', (t) => {
  const { directory, head } = checkout(t);
  writeFileSync(join(directory, 'foreign'), 'x');
  assert.equal(commitOf(directory), head);
  writeFileSync(join(directory, 'file'), 'two');
  assert.equal(commitOf(directory), `${head}-dirty`);
});

test('without a checkout of its own the commit is unknown', (t) => {
  const { directory } = checkout(t);
  const inside = join(directory, 'somewhere');
  mkdirSync(inside);
  assert.equal(commitOf(inside), 'unknown');
  assert.equal(commitOf(join(directory, 'missing')), 'unknown');
});
