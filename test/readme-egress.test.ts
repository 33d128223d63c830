import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CLEAR_FIELDS, CLEAR_WORDS } from '../src/domain/clear-fields.ts';
import { DESTINATIONS } from '../src/domain/egress.ts';

const README = readFileSync('README.md', 'utf8');
const SECTION = README.slice(README.indexOf('## What leaves the box')).split('\n## ')[0] ?? '';

/** The cells of a section's tables, as they are read. */
function rowsOf(section: string): string[][] {
  const lines = section.split('\n').filter((line) => line.startsWith('|') && !/^\|[ -]+\|/.test(line));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the README lists every host that may be connected to, and what goes there', () => {
  const rows = rowsOf(SECTION)
    .filter((cells) => cells.length === 3)
    .slice(1);
  assert.deepEqual(
    rows,
    Object.entries(DESTINATIONS).map(([key, { purpose, sends }]) => [key, purpose, sends]),
  );
});

test('the README lists every field that leaves in clear, and the switch that keeps it in', () => {
  const rows = rowsOf(SECTION)
    .filter((cells) => cells.length === 5)
    .slice(1);
  assert.deepEqual(
    rows,
    CLEAR_FIELDS.map((one) => [
      one.host,
      one.call,
      one.field,
      CLEAR_WORDS[one.field],
      one.switch === null ? 'always' : `${one.switch}, off by default`,
    ]),
  );
});
