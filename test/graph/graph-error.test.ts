import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphError } from '../../src/graph/graph-error.ts';

const cases: readonly (readonly [number, string, string, string])[] = [
  [400, 'ErrorInvalidParameter', 'x', 'invalid GRAPH_REQUEST_REFUSED job'],
  [
    400,
    'InvalidRequest',
    'Subscription validation request failed.',
    'unavailable GRAPH_CANNOT_REACH_US mailbox',
  ],
  [
    400,
    'InvalidRequest',
    'The underlying connection was closed',
    'unavailable GRAPH_CANNOT_TRUST_US mailbox',
  ],
  [
    403,
    'ExtensionError',
    'Operation: Create; [Status Code: Forbidden; [RAOP]]',
    'forbidden GRAPH_MAILBOX_DENIED mailbox',
  ],
  [
    403,
    'ErrorAccessDenied',
    'Access to OData is disabled: [RAOP] x',
    'forbidden GRAPH_MAILBOX_DENIED mailbox',
  ],
  [403, 'erroraccessdenied', 'Access is denied.', 'forbidden GRAPH_ACCESS_DENIED mailbox'],
  [403, 'Authorization_RequestDenied', 'x', 'forbidden GRAPH_CONSENT_MISSING upstream'],
  [404, 'MailboxNotEnabledForRESTAPI', 'x', 'not_found GRAPH_NO_SUCH_MAILBOX mailbox'],
  [409, 'ErrorIrresolvableConflict', 'x', 'conflict GRAPH_CONFLICT job'],
  [423, '', 'x', 'unavailable GRAPH_MAILBOX_MOVING mailbox'],
  [500, 'ErrorInternalServerError', 'x', 'unavailable GRAPH_INTERNAL_ERROR job'],
  [503, 'ErrorMailboxMoveInProgress', 'x', 'unavailable GRAPH_MAILBOX_MOVING mailbox'],
  [503, 'ErrorMailboxStoreUnavailable', 'x', 'unavailable GRAPH_MAILBOX_UNAVAILABLE mailbox'],
  [503, '', 'x', 'unavailable GRAPH_UNAVAILABLE upstream'],
  [507, 'ErrorQuotaExceeded', 'x', 'unavailable GRAPH_MAILBOX_FULL mailbox'],
];

test('one mailbox’s trouble stays its own, the tenant’s stops all (promise 15)', () => {
  for (const [status, code, message, expected] of cases) {
    const text = JSON.stringify({ error: { code, message } });
    const error = graphError({ status, text, retryAfterMs: null, ofMailbox: true });
    assert.equal(`${error.code} ${error.reason} ${error.scope}`, expected, `${status} ${code}`);
    assert.ok(message === 'x' || !error.message.includes(message));
  }
});

test('a moving mailbox is left alone for a while', () => {
  assert.equal(
    graphError({ status: 423, text: '', retryAfterMs: 1000, ofMailbox: true }).retryAfterMs,
    600_000,
  );
});
