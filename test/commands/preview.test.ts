import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findJoinBlock } from '../../src/domain/join-block/join-block.ts';
import { GOOD } from '../ops/config-sample.ts';
import { folder, program } from './program.ts';

test('preview writes a page with the block in the language and says that nobody has reviewed it', (t) => {
  const directory = folder(t);
  const { status, stdout, stderr } = program(directory, 'preview', '--language', 'sv');
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^join-block-sv\.html is written \(svenska\)\.\nNo native speaker/);
  const content = readFileSync(join(directory, 'join-block-sv.html'), 'utf8');
  assert.match(content, /^<!DOCTYPE html>\n<html lang="sv">[\s\S]*Anslut till Webex-mötet/);
  assert.equal(findJoinBlock({ contentType: 'html', content })?.whole, true);
});

test('preview writes plain text, and with a configuration what that says', (t) => {
  const directory = folder(t);
  const own = '[join_block]\nparts = ["link"]\n[join_block.headers]\nsv = "Välkommen"\n';
  writeFileSync(join(directory, 'a.toml'), `${GOOD}${own}`);
  const options = ['--text', '--out', 'b.txt', '--config', 'a.toml'];
  assert.equal(program(directory, 'preview', '--language', 'sv', ...options).status, 0);
  const lines = readFileSync(join(directory, 'b.txt'), 'utf8').split('\n');
  assert.match(lines[0] ?? '', /^┌─+ Webex ─+┐$/);
  assert.deepEqual(lines.slice(1, 4), [
    'Välkommen',
    'Webex-möte',
    'Anslut till Webex-mötet: https://nordwind.webex.com/meet/astrid.lindqvist',
  ]);
  assert.equal(lines.length, 6);
});

test('preview names what is wrong with the call', (t) => {
  const directory = folder(t);
  const call = (...argv: string[]) => program(directory, 'preview', ...argv);
  assert.match(call().stderr, /the language is missing: --language with one of en, sv, /);
  const unknown = call('--language', 'sw');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /there is no language "sw"\. Did you mean "sv"\?/);
  assert.equal(call('--language', 'sv', '--out', 'missing/folder.html').status, 74);
  assert.equal(call('--language', 'sv', '--config', 'missing.toml').status, 78);
});
