import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustedContext } from '../../src/net/trust.ts';
import { makeTestTls } from './test-certificate.ts';

test('reads the roots once for each bundle and never mixes two bundles', async () => {
  const [one, other] = await Promise.all([makeTestTls(), makeTestTls()]);
  assert.equal(trustedContext(one.caPem), trustedContext(one.caPem));
  assert.notEqual(trustedContext(one.caPem), trustedContext(other.caPem));
  assert.equal(trustedContext(undefined), trustedContext(undefined));
  assert.notEqual(trustedContext(undefined), trustedContext(one.caPem));
});
