import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { kmsRootPem } from '../../src/staging/cloud/kms/kms-identity.ts';
import { type KmsRig, kmsRig } from '../kms/kms-rig.ts';
import type { RunningCloud } from '../staging/running-cloud.ts';
import { PLAIN, sealedMeeting } from './sealed-meeting.ts';
import { UNREADABLE } from './shown-meeting.ts';
import { type AppCloud, type WebexApp, webexApp } from './webex-app.ts';

before(sodiumReady);

function runningCloud(cloud: RunningCloud): AppCloud {
  return {
    kmsRoot: kmsRootPem(cloud.context),
    call: (method, address, options) => cloud.call(method, address, options),
    device: (account) => cloud.device(account),
  };
}

/** The app of the person that the appliance's keys are bound to. */
async function readersApp(t: TestContext, { cloud, reader }: KmsRig): Promise<WebexApp> {
  const account = cloud.context.directory.people.find((one) => one.webexUserId === reader);
  assert.ok(account);
  return await webexApp(t, runningCloud(cloud), account);
}

/** The members of an item that stand in PLAIN, by their path. */
function textsOf(item: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(PLAIN).map((path) => [
      path,
      path.split('.').reduce<unknown>((at, name) => Reflect.get(Object(at), name), item),
    ]),
  );
}

async function sealedUnder(rig: KmsRig, uri: string, algorithm: 'A256GCM' | 'XC20P'): Promise<object> {
  return await rig.keys.withKey(uri, (key) => sealedMeeting(uri, key, algorithm));
}

test("Cisco's own code gets the key from the simulated KMS and opens every field of our item", async (t) => {
  const rig = await kmsRig(t, { stream: true });
  const app = await readersApp(t, rig);
  const item = await sealedUnder(rig, await rig.newKey(), 'A256GCM');
  assert.deepEqual(textsOf(await app.meetingEvent(item)), PLAIN);
  const other = await sealedUnder(rig, await rig.newKey(), 'A256GCM');
  const list = await app.meetingList([item, other]);
  assert.deepEqual(list.map(textsOf), [PLAIN, PLAIN]);
});

test("Cisco's own code opens an item whose key has moved since, and after a PS256 handshake", async (t) => {
  const rig = await kmsRig(t);
  await rig.cloud.call('POST', '/control/kms/signature', { body: { algorithm: 'PS256' } });
  const item = await sealedUnder(rig, await rig.newKey(), 'A256GCM');
  const app = await readersApp(t, rig);
  await rig.fault('move-keys', 1);
  assert.deepEqual(textsOf(await app.meetingEvent(item)), PLAIN);
  assert.ok(rig.spent());
});

test('A stock app opens nothing once its account is withdrawn, nothing that was sealed with XC20P, and says so', async (t) => {
  const rig = await kmsRig(t);
  const nothing = Object.fromEntries(Object.keys(PLAIN).map((path) => [path, UNREADABLE]));
  const [issued] = await rig.keys.issue([[rig.reader]]);
  assert.ok(issued);
  const item = await sealedUnder(rig, issued.uri, 'A256GCM');
  const lab = await sealedUnder(rig, issued.uri, 'XC20P');
  assert.deepEqual(textsOf(await (await readersApp(t, rig)).meetingEvent(lab)), nothing);
  await rig.keys.withdraw(issued, [rig.reader]);
  assert.deepEqual(textsOf(await (await readersApp(t, rig)).meetingEvent(item)), nothing);
});

test("Cisco's own client refuses the simulated KMS wherever ours does", async (t) => {
  const rig = await kmsRig(t);
  for (const kind of ['wrong-chain', 'wrong-host', 'expired-certificate', 'other-key'] as const) {
    await rig.fault(kind);
    await assert.rejects((await readersApp(t, rig)).ping(), /INVALID KMS/, kind);
  }
  await rig.fault('none');
  assert.equal((await (await readersApp(t, rig)).ping()).status, 200);
});
