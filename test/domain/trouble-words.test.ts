import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALARMS, remedyOf } from '../../src/domain/alarm.ts';
import { wordsOf } from '../../src/domain/trouble-words.ts';

/** They pass by themselves: the alarm says all there is to say. */
const SILENT = new Set(['GRAPH_LOGIN_UNAVAILABLE']);

test('every reason for which a mailbox or the sign-in is refused has words of its own', () => {
  const files = ['src/domain/mailbox-trouble.ts', 'src/graph/token.ts'];
  const reasons = files.flatMap(
    (file) => readFileSync(file, 'utf8').match(/\b(?:GRAPH|WEBEX)_[A-Z_]+\b/g) ?? [],
  );
  assert.ok(reasons.length > 15);
  const silent = reasons.filter((reason) => wordsOf(reason) === null && !SILENT.has(reason));
  assert.deepEqual(silent, []);
});

test('an alarm whose reason nobody foresaw keeps its general remedy', () => {
  const alarm = { id: 'graph-refused', reason: 'SOMETHING_NEW' } as const;
  assert.equal(remedyOf(alarm), ALARMS['graph-refused'].remedy);
});
