import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remedyOf } from '../../src/domain/alarm.ts';
import { statusOutline } from '../../src/sync/status.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';

const MINUTE_MS = 60_000;
/** How the tenant refuses, the reason that is shown, and how many calls one probe is. */
const REFUSALS = [
  ['InvalidAuthenticationToken', 'GRAPH_TOKEN_REFUSED', 2],
  ['empty-401', 'GRAPH_TOKEN_REFUSED', 2],
  ['Authorization_RequestDenied', 'GRAPH_CONSENT_MISSING', 1],
  ['Authorization_IdentityNotFound', 'GRAPH_CONSENT_MISSING', 1],
] as const;

for (const [withdrawn, reason, callsOfProbe] of REFUSALS) {
  test(`a tenant that answers ${withdrawn} pauses all with one alarm, and one job at a time probes (promise 16)`, async (t) => {
    const rig = await ConnectedRig.start(t, { webhooks: false });
    const people = [0, 1, 2, 3].map((n) => rig.person(n));
    await rig.watch(...people);
    const { upstreams } = rig.deps;
    await rig.cloud.control('PUT', 'consent', { withdrawn });
    for (const owner of people) await book(rig.cloud, owner, tomorrow());
    rig.http.logins = 0;
    rig.jump(6 * MINUTE_MS);
    await rig.until(() => rig.changes.length > 0 && rig.jobs("state = 'leased' AND ? > 0").length === 0);
    assert.deepEqual(rig.changes, [{ upstream: 'graph', alarm: 'graph-refused', reason }]);
    assert.ok(rig.http.logins <= 1, 'however many calls were refused');
    for (const probe of [1, 2, 3]) {
      const { failures } = upstreams.health('graph');
      rig.asked.length = 0;
      rig.jump(MINUTE_MS + probe);
      await rig.until(() => upstreams.health('graph').failures > failures);
      assert.equal(rig.asked.length, callsOfProbe);
    }
    const { stages, mailboxes, now } = statusOutline(rig.deps, { version: '1', startedAt: 0, lab: true });
    const [graph] = stages;
    assert.deepEqual([graph?.state, graph?.reason], ['failing', reason]);
    assert.ok(Math.abs((graph?.retryAt ?? 0) - now) <= 75_000, 'the next try is shown');
    assert.deepEqual(new Set(mailboxes.map(({ state }) => state)), new Set(['activated']));
    assert.match(remedyOf({ id: 'graph-refused', reason }), /The Microsoft 365 administrator .*consent/);
    await rig.cloud.control('PUT', 'consent', { withdrawn: false });
    rig.jump(2 * MINUTE_MS);
    await rig.until(() => people.every(({ address }) => rig.webex.listed(address) === 1));
    assert.equal(rig.changes.at(-1)?.alarm, null);
  });
}
