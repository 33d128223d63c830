import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { remedyOf } from '../../src/domain/alarm.ts';
import type { ClientCredential } from '../../src/graph/token.ts';
import { registerCertificate } from '../../src/staging/cloud/login/app-certificates.ts';
import { addMailbox } from '../../src/sync/add-mailbox.ts';
import { statusOutline } from '../../src/sync/status.ts';
import { makeClientCertificate } from '../net/test-certificate.ts';
import type { SimulatedCloud } from '../staging/simulated-cloud.ts';
import { ConnectedRig } from './connected-rig.ts';

const DAY_MS = 86_400_000;

async function certificate(endsAt: number, registeredAt: SimulatedCloud | null): Promise<ClientCredential> {
  const { certPem, keyPem } = await makeClientCertificate(endsAt);
  if (registeredAt !== null) {
    const { context } = registeredAt;
    registerCertificate(context, context.directory.appliance.clientId, certPem);
  }
  const thumbprintSha256 = new X509Certificate(certPem).fingerprint256.replaceAll(':', '').toLowerCase();
  return { kind: 'certificate', thumbprintSha256, keyPem, chainPem: certPem };
}

const CASES: readonly [string, (cloud: SimulatedCloud) => Promise<ClientCredential>][] = [
  ['a wrong secret', async () => ({ kind: 'secret', secret: 'not this one' })],
  ['an unknown certificate', async () => await certificate(Date.now() + DAY_MS, null)],
  ['an expired certificate', async (cloud) => await certificate(Date.now() - DAY_MS, cloud)],
];

for (const [what, credential] of CASES) {
  test(`${what} pauses the tenant, and the page says who registers a new one and when it is tried again`, async (t) => {
    const rig = await ConnectedRig.start(t, { credential });
    await addMailbox(rig.deps, rig.person(0).address, 'person');
    await rig.until(() => rig.changes.length > 0);
    const reason = 'GRAPH_CREDENTIAL_REFUSED';
    assert.deepEqual(rig.changes, [{ upstream: 'graph', alarm: 'graph-refused', reason }]);
    const { stages, mailboxes } = statusOutline(rig.deps, { version: '1', startedAt: 0, lab: true });
    assert.deepEqual([stages[0]?.state, stages[0]?.reason], ['failing', reason]);
    assert.ok(Number(stages[0]?.retryAt) > 0);
    assert.deepEqual(
      mailboxes.map((one) => [one.state, one.reason]),
      [['pending', null]],
      'the mailbox is not to blame',
    );
    const words = remedyOf({ id: 'graph-refused', reason });
    assert.match(words, /wrong, not registered or past its end.*The Microsoft 365 administrator registers/);
    assert.equal(rig.asked.length, 0, 'Graph is not even asked');
  });
}
