import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { remedyOf } from '../../src/domain/alarm.ts';
import { refusalOf } from '../../src/kms/kms-fault.ts';
import { askRotation } from '../../src/sync/ask-rotation.ts';
import { keyReport } from '../../src/sync/key-report.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';
import { change, codes } from './scheduled-event.ts';

const MINUTE_MS = 60_000;
const REVOKED = refusalOf({ status: 405, errorCode: 405005 }, true);

async function start(t: TestContext) {
  const rig = await ConnectedRig.start(t);
  const people = [rig.person(0), rig.person(1)] as const;
  await rig.watch(...people);
  const { deps } = rig;
  const keyOf = async (n: 0 | 1) => {
    const { id } = await rig.mailbox(people[n]);
    return deps.store.read((r) => r.sealingKey(id, deps.clock.now())?.uri);
  };
  return { rig, deps, people, keyOf };
}

test('all keys are rotated in the background, and to ask again meanwhile changes nothing', async (t) => {
  const { rig, deps, people, keyOf } = await start(t);
  await book(rig.cloud, people[0], { subject: 'Before', ...tomorrow() });
  await rig.until(() => rig.webex.listed(people[0].address) === 1);
  const before = [await keyOf(0), await keyOf(1)];
  rig.jump(1_000);
  assert.equal(await askRotation(deps, { of: 'mailboxes' }), 'asked');
  assert.equal(await askRotation(deps, { of: 'mailboxes' }), 'running');
  await rig.until(() => keyReport(deps).rotation?.left === 0);
  const after = [await keyOf(0), await keyOf(1)];
  assert.ok(after.every((uri) => uri !== undefined && !before.includes(uri)));
  assert.deepEqual(rig.kms.posts.at(-1), 2, 'both in one message');
  await book(rig.cloud, people[0], { subject: 'After', ...tomorrow() });
  await rig.until(() => rig.webex.listed(people[0].address) === 2);
  assert.deepEqual(rig.webex.keysOf(people[0].address).sort(), [before[0], after[0]].sort());
  assert.deepEqual(await rig.webex.subjects(people[0].address), ['After', 'Before']);
  rig.jump(1_000);
  assert.equal(await askRotation(deps, { of: 'mailboxes' }), 'asked', 'the last one is over');
});

test('the key of one mailbox is rotated alone', async (t) => {
  const { rig, deps, people, keyOf } = await start(t);
  const before = [await keyOf(0), await keyOf(1)];
  assert.equal(await askRotation(deps, { of: 'mailbox', address: people[0].address }), 'asked');
  await rig.until(async () => (await keyOf(0)) !== before[0]);
  assert.equal(await keyOf(1), before[1]);
  assert.equal(await askRotation(deps, { of: 'mailbox', address: 'nobody@nordwind.example' }), 'unknown');
});

test('the directory key is rotated while mailboxes are used', async (t) => {
  const { rig, deps, people } = await start(t);
  const before = deps.store.read((r) => r.directoryKey()?.uri);
  rig.jump(1_000);
  assert.equal(await askRotation(deps, { of: 'directory' }), 'asked');
  assert.equal(await askRotation(deps, { of: 'directory' }), 'running');
  await book(rig.cloud, people[0], { subject: 'Meanwhile', ...tomorrow() });
  await rig.until(() => rig.webex.listed(people[0].address) === 1);
  await rig.until(() => (keyReport(deps).directory?.underOlderKey ?? 1) === 0);
  const { addressKey } = await rig.mailbox(people[1]);
  assert.notEqual(addressKey, before);
  assert.equal(
    addressKey,
    deps.store.read((r) => r.directoryKey()?.uri),
  );
});

test('a revoked key stops one mailbox with an alarm that says which and who acts, until a new key is asked for', async (t) => {
  const { rig, deps, people, keyOf } = await start(t);
  await book(rig.cloud, people[0], { subject: 'Before', ...tomorrow() });
  await rig.until(() => rig.webex.listed(people[0].address) === 1);
  const revoked = (await keyOf(0)) ?? '';
  rig.kms.refused.set(revoked, REVOKED);
  await book(rig.cloud, people[0], { subject: 'Later', ...tomorrow() });
  await rig.until(async () => (await rig.mailbox(people[0])).state === 'error');
  const mailbox = await rig.mailbox(people[0]);
  const alarms = deps.store.read((r) => r.alarms());
  assert.deepEqual(
    alarms.map(({ subject, reason }) => [subject, reason]),
    [[String(mailbox.id), 'KMS_KEY_REVOKED']],
  );
  assert.match(alarms.map(remedyOf).join(), /Ask whoever runs the KMS .* keys rotate --mailbox ADDRESS/);
  await book(rig.cloud, people[1], { subject: 'Elsewhere', ...tomorrow() });
  await rig.until(() => rig.webex.listed(people[1].address) === 1);
  rig.jump(MINUTE_MS);
  await rig.until(async () => (await rig.mailbox(people[0])).failures === 2);
  assert.equal((await rig.mailbox(people[0])).state, 'error', 'the next try finds it revoked still');
  assert.equal(await keyOf(0), revoked);
  await askRotation(deps, { of: 'mailbox', address: people[0].address });
  await rig.until(async () => (await rig.mailbox(people[0])).state === 'activated');
  await rig.until(() => rig.webex.listed(people[0].address) === 2);
  const keys = (): string[] => rig.webex.keysOf(people[0].address);
  await rig.until(() => keys().every((uri) => uri !== revoked));
  assert.deepEqual(await rig.webex.subjects(people[0].address), ['Before', 'Later'], 'all is read anew');
  assert.deepEqual(
    deps.store.read((r) => r.alarms()),
    [],
  );
});

test('a new key is no reason to change what was made in Webex, and a lost one is one at most', async (t) => {
  const { rig, deps, people, keyOf } = await start(t);
  const [astrid] = people;
  const location = { displayName: '@webex:onetime' };
  const event = await book(rig.cloud, astrid, { location, ...tomorrow() });
  await rig.settled();
  const rename = async (subject: string) => {
    await change(rig, astrid, event, { subject });
    await rig.settled();
    return (await codes(rig, astrid, event)).filter((code) => code === 'MEETING_CHANGED').length;
  };
  const before = (await keyOf(0)) ?? '';
  await askRotation(deps, { of: 'mailbox', address: astrid.address });
  await rig.until(async () => (await keyOf(0)) !== before);
  assert.equal(await rename('Another name, which stays in the house'), 0);
  rig.kms.refused.set(before, refusalOf({ status: 404 }, true));
  assert.equal(await rename('A third name'), 1);
  assert.equal(await rename('A fourth name'), 1);
});
