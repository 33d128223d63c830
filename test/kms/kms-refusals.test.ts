import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { KmsFault } from '../../src/staging/cloud/kms/kms-faults.ts';
import { fault, kmsRig, text } from './kms-rig.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('A refused token ends the use of every key in memory at once', async (t) => {
  for (const kind of ['bad-token', 'forbid'] as const) {
    const { keys, newKey, fault: order } = await kmsRig(t);
    const uri = await newKey();
    const key = await keys.withKey(uri, text);
    await order(kind, 1);
    await assert.rejects(newKey(), fault('forbidden', 'KMS_REFUSED'), kind);
    await order('down');
    await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE'), 'it is gone');
    await order('none');
    assert.equal(await keys.withKey(uri, text), key);
  }
});

test('A main key that is revoked stops everything, in memory and in new keys', async (t) => {
  const { keys, newKey, fault: order } = await kmsRig(t);
  const uri = await newKey();
  await order('revoke-all', 1);
  await assert.rejects(newKey(), fault('forbidden', 'KMS_KEYS_REVOKED'));
  await order('down');
  await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE'));
});

test('A key that is revoked, refused or gone is used no more after the next validation, without the KMS neither', async (t) => {
  const cases: readonly (readonly [KmsFault['kind'], string, string, string])[] = [
    ['revoke-keys', 'forbidden', 'KMS_KEY_REVOKED', 'mailbox'],
    ['refuse-keys', 'forbidden', 'KMS_KEY_REFUSED', 'job'],
    ['forget-keys', 'not_found', 'KMS_KEY_GONE', 'job'],
  ];
  const { keys, newKey, fault: order, pass } = await kmsRig(t);
  for (const [kind, code, reason, scope] of cases) {
    const [uri, other] = [await newKey(), await newKey()];
    await order(kind, 1);
    await keys.withKey(uri, text);
    await pass(HOUR_MS);
    await assert.rejects(keys.withKey(uri, text), fault(code, reason, scope));
    await keys.withKey(other, text);
    await order('down');
    await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_UNREACHABLE'));
    await keys.withKey(other, text);
    await order('none');
  }
});

test('A key that has moved is found where it is now, and one that is sent in circles is not looked for for ever', async (t) => {
  const { cloud, keys, newKey, fault: order, spent, pass } = await kmsRig(t);
  const uri = await newKey();
  const key = await keys.withKey(uri, text);
  await order('move-keys', 1);
  await pass(HOUR_MS);
  assert.equal(await keys.withKey(uri, text), key);
  assert.ok(spent());
  const moved = cloud.context.disk.table<{ movedTo?: string }>('kms-keys').get(uri)?.movedTo ?? '';
  assert.equal(await keys.withKey(moved, text), key, 'under its new address too');
  await order('move-in-circles');
  await pass(HOUR_MS);
  await assert.rejects(keys.withKey(uri, text), fault('unavailable', 'KMS_MOVED', 'job'));
});

test('A KMS that is down, overrun or ill says so, and its wish to be left alone is passed on', async (t) => {
  const { keys, reader, fault: order } = await kmsRig(t);
  for (const [kind, code, reason, retryAfterMs] of [
    ['down', 'unavailable', 'KMS_UNREACHABLE', undefined],
    ['throttle', 'throttled', 'KMS_THROTTLED', 1_000],
    ['fail', 'unavailable', 'KMS_FAILING', undefined],
  ] as const) {
    await order(kind);
    await assert.rejects(keys.issue([[reader]]), (thrown) => {
      assert.ok(thrown instanceof AppError);
      assert.equal(thrown.retryAfterMs, retryAfterMs);
      return fault(code, reason)(thrown);
    });
  }
});

test('A key whose time of sealing is over by the newest word of the KMS still opens, and seals no more', async (t) => {
  const { keys, reader, pass } = await kmsRig(t);
  const [issued] = await keys.issue([[reader]]);
  assert.ok(issued?.sealUntil);
  await keys.withKey(issued.uri, text, 'seal');
  await pass(90 * DAY_MS);
  await assert.rejects(keys.withKey(issued.uri, text, 'seal'), fault('conflict', 'KMS_KEY_EXPIRED', 'job'));
  assert.match(await keys.withKey(issued.uri, text, 'open'), /./);
  assert.match(await keys.withKey(issued.uri, text), /./);
});

test('Of many keys that are made ahead, the one whose reader the KMS refuses does not hold up the others', async (t) => {
  const { keys, reader, fault: order } = await kmsRig(t);
  const outcomes = await keys.issueEach([[reader], ['nobody'], [reader]]);
  assert.deepEqual(
    outcomes.map((one) => (one.kind === 'issued' ? 'issued' : one.error.reason)),
    ['issued', 'KMS_REQUEST_REFUSED', 'issued'],
  );
  await assert.rejects(keys.issue([[reader], ['nobody']]), fault('invalid', 'KMS_REQUEST_REFUSED', 'job'));
  await order('down');
  const refused = await keys.issueEach([[reader], [reader]]);
  assert.ok(refused.every((one) => one.kind === 'refused' && one.error.reason === 'KMS_UNREACHABLE'));
});

test('Readers who are withdrawn take the key from everybody, the appliance last', async (t) => {
  const { cloud, keys, reader } = await kmsRig(t);
  const [issued] = await keys.issue([[reader]]);
  assert.ok(issued);
  const own = cloud.context.directory.people[0]?.webexUserId ?? '';
  await keys.withdraw(issued, [reader, own]);
  await assert.rejects(keys.withKey(issued.uri, text), fault('forbidden', 'KMS_KEY_REFUSED', 'job'));
  await keys.withdraw(issued, [reader, own]);
});
