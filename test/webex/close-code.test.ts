import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterEnding } from '../../src/webex/close-code.ts';

test('what follows the end of a socket is told by its code, and by its text where it ended in good order', () => {
  const expected: [number, string, string][] = [
    [1001, '', 'again'],
    [1005, '', 'again'],
    [1006, '', 'again'],
    [1011, 'anything', 'again'],
    [1000, 'idle', 'again'],
    [1000, 'Done (forced)', 'again'],
    [1050, 'pong not received', 'again'],
    [1050, 'pong mismatch', 'again'],
    [1000, '', 'new-device'],
    [1050, 'gone', 'new-device'],
    [4401, 'idle', 'fresh-token'],
    [4400, '', 'new-device'],
    [4403, '', 'new-device'],
    [4000, 'replaced', 'new-device'],
    [1003, '', 'new-device'],
    [4999, '', 'new-device'],
  ];
  for (const [code, reason, next] of expected)
    assert.equal(afterEnding({ code, reason }), next, `${code} ${reason}`);
});
