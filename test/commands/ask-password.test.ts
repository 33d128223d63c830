import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { PASSWORD } from '../web/web-rig.ts';
import { openFakeAppliance } from './fake-appliance.ts';
import { atTerminal, NO_TERMINAL } from './pseudo-terminal.ts';

const BACKSPACE = '\u007f';
const INTERRUPT = '\u0003';
const QUESTION = 'Password of ops: ';
const EXPORT = 'mailbox export ada@nordwind.example --admin ops --output ada.json';
/** Afterwards the terminal tells how it was left. */
const COMMAND = `'${process.execPath}' '${resolve('src/main.ts')}' ${EXPORT}; code=$?; stty -a; exit $code`;
const AS_BEFORE = /(?<!-)icanon[\s\S]*(?<!-)echo /;

test('a password is typed at the terminal, corrected on the way, and never shown', {
  skip: NO_TERMINAL,
}, async (t) => {
  const folder = await openFakeAppliance(t);
  const { shown, code } = await atTerminal(folder, COMMAND, QUESTION, `${PASSWORD}x${BACKSPACE}\r`);
  assert.equal(code, 0, shown);
  assert.equal(JSON.parse(readFileSync(join(folder, 'ada.json'), 'utf8')).meetings[0].subject, 'Budget');
  assert.match(shown, /^Password of ops: \r\n/);
  for (const word of PASSWORD.split(' ')) assert.ok(!shown.includes(word), word);
  assert.match(shown, AS_BEFORE);
});

test('a wrong one is refused without being shown either', { skip: NO_TERMINAL }, async (t) => {
  const folder = await openFakeAppliance(t);
  const { shown, code } = await atTerminal(folder, COMMAND, QUESTION, 'a guess\r');
  assert.equal(code, 1, shown);
  assert.match(shown, /The name or the password is wrong\./);
  assert.ok(!shown.includes('guess'));
});

test('who interrupts it has done nothing, and gets the terminal back', { skip: NO_TERMINAL }, async (t) => {
  const folder = await openFakeAppliance(t);
  const { shown, code } = await atTerminal(folder, COMMAND, QUESTION, `half a pass${INTERRUPT}`);
  assert.equal(code, 2, shown);
  assert.match(shown, /interrupted: nothing was done\./);
  assert.ok(!shown.includes('half'));
  assert.match(shown, AS_BEFORE);
  assert.equal(existsSync(join(folder, 'ada.json')), false);
});
