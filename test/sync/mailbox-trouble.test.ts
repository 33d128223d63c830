import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { remedyOf } from '../../src/domain/alarm.ts';
import { COMMAND_LINE } from '../../src/domain/audit.ts';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { addMailbox } from '../../src/sync/add-mailbox.ts';
import { retryMailbox } from '../../src/sync/mailbox-health.ts';
import { statusOutline } from '../../src/sync/status.ts';
import { book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';

const MINUTE_MS = 60_000;

async function start(t: TestContext) {
  const rig = await ConnectedRig.start(t);
  const [astrid, bruno] = [rig.person(0), rig.person(1)];
  await rig.watch(astrid, bruno);
  const set = async (mailbox: Person, state: object): Promise<void> => {
    const order = { mailbox: mailbox.address, ...state };
    assert.equal((await rig.cloud.control('PUT', 'mailbox-state', order)).status, 204);
  };
  const until = (owner: Person, state: string) =>
    rig.until(async () => (await rig.mailbox(owner)).state === state);
  return { rig, astrid, bruno, set, until };
}

/** What the page shows beside a mailbox. */
async function shown(rig: ConnectedRig, owner: Person) {
  const { id } = await rig.mailbox(owner);
  const facts = statusOutline(rig.deps, { version: '1', startedAt: 0, lab: true });
  const { state, reason, actor, retryAt } = facts.mailboxes.find((one) => one.id === id) ?? {};
  return { state, reason, actor, inMinutes: Math.round(((retryAt ?? 0) - facts.now) / MINUTE_MS) };
}

const REFUSALS = [
  [
    'an access policy',
    { path: 'mailbox-state', order: { state: 'out-of-scope' } },
    { state: 'out-of-scope', reason: 'GRAPH_MAILBOX_DENIED', actor: 'Microsoft 365 administrator' },
  ],
  [
    'an on-premises place',
    { path: 'mailbox-state', order: { state: 'moved' } },
    { state: 'error', reason: 'GRAPH_NO_SUCH_MAILBOX', actor: 'Microsoft 365 administrator' },
  ],
] as const;

for (const [what, { order }, words] of REFUSALS) {
  test(`${what} stops one mailbox and no other, and the tenant never pauses (promise 15)`, async (t) => {
    const { rig, astrid, bruno, set, until } = await start(t);
    await set(astrid, order);
    rig.jump(20 * MINUTE_MS);
    await until(astrid, words.state);
    assert.deepEqual(await shown(rig, astrid), { ...words, inMinutes: 1 });
    await book(rig.cloud, bruno, tomorrow());
    await rig.until(() => rig.webex.listed(bruno.address) === 1);
    assert.deepEqual(rig.changes, []);
  });
}

test('a plain refusal, as RBAC for Applications gives it, stops one mailbox as well (promise 15)', async (t) => {
  const { rig, astrid, bruno, until } = await start(t);
  const path = `/users/${astrid.entraId}/`;
  await rig.cloud.control('POST', 'faults', { status: 403, path, times: 1000 });
  rig.jump(20 * MINUTE_MS);
  await until(astrid, 'out-of-scope');
  assert.deepEqual(await shown(rig, astrid), {
    state: 'out-of-scope',
    reason: 'GRAPH_ACCESS_DENIED',
    actor: 'Microsoft 365 administrator',
    inMinutes: 1,
  });
  await book(rig.cloud, bruno, tomorrow());
  await rig.until(() => rig.webex.listed(bruno.address) === 1);
  assert.deepEqual(rig.changes, []);
});

test('a refusal to renew one subscription is the matter of its mailbox (promise 15)', async (t) => {
  const { rig, astrid, bruno, until } = await start(t);
  const { id } = await rig.mailbox(astrid);
  const own = rig.deps.store.read((r) => r.subscriptions().find((row) => row.mailboxId === id));
  const fault = { status: 403, method: 'PATCH', path: `/subscriptions/${own?.id}`, times: 1000 };
  await rig.cloud.control('POST', 'faults', fault);
  await rig.cloud.control('POST', 'lifecycle', { event: 'reauthorizationRequired', mailbox: astrid.address });
  await rig.settled();
  rig.jump(5_000);
  await until(astrid, 'out-of-scope');
  await book(rig.cloud, bruno, tomorrow());
  await rig.until(() => rig.webex.listed(bruno.address) === 1);
  assert.deepEqual(rig.changes, []);
});

test('a role that is missing shuts every mailbox: then the tenant is the matter, until one lets in again', async (t) => {
  const { rig, astrid, bruno, until } = await start(t);
  await rig.cloud.control('POST', 'faults', { status: 403, path: '/users/', times: 1000 });
  rig.jump(20 * MINUTE_MS);
  for (const owner of [astrid, bruno]) await until(owner, 'out-of-scope');
  await rig.settled();
  rig.jump(MINUTE_MS);
  await rig.until(() => rig.changes.length > 0);
  assert.deepEqual(rig.changes, [
    { upstream: 'graph', alarm: 'graph-refused', reason: 'GRAPH_ROLE_MISSING' },
  ]);
  const words = remedyOf({ id: 'graph-refused', reason: 'GRAPH_ROLE_MISSING' });
  assert.match(words, /role Calendars\.ReadWrite .* is missing .*The Microsoft 365 administrator grants it/);
  await rig.cloud.control('DELETE', 'faults');
  rig.jump(MINUTE_MS);
  await rig.until(() => rig.changes.length === 2);
  rig.jump(15 * MINUTE_MS);
  for (const owner of [astrid, bruno]) await until(owner, 'activated');
});

test('a mailbox in trouble is tried after 1, 2, 5 and then every 15 minutes, by one job alone', async (t) => {
  const { rig, astrid, set, until } = await start(t);
  await set(astrid, { state: 'out-of-scope' });
  await book(rig.cloud, astrid, tomorrow());
  rig.jump(20 * MINUTE_MS);
  await until(astrid, 'out-of-scope');
  const own = new RegExp(astrid.entraId, 'i');
  for (const minutes of [1, 2, 5, 15, 15]) {
    await rig.settled();
    assert.equal((await shown(rig, astrid)).inMinutes, minutes);
    rig.asked.length = 0;
    rig.jump(minutes * MINUTE_MS - 5_000);
    await rig.settled();
    assert.deepEqual(tries(rig, astrid, own), [], 'not before');
    const { retryAt } = await rig.mailbox(astrid);
    rig.jump(5_000);
    await rig.until(async () => (await rig.mailbox(astrid)).retryAt !== retryAt);
    assert.equal(tries(rig, astrid, own).length, 1);
  }
  await set(astrid, { state: 'ok' });
  rig.jump(15 * MINUTE_MS);
  await until(astrid, 'activated');
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
});

test('whoever does not want to wait has a mailbox tried at once', async (t) => {
  const { rig, astrid, set, until } = await start(t);
  await set(astrid, { state: 'moved' });
  rig.jump(20 * MINUTE_MS);
  await until(astrid, 'error');
  await rig.settled();
  await set(astrid, { state: 'ok' });
  const { id } = await rig.mailbox(astrid);
  assert.equal(retryMailbox(rig.deps, id, COMMAND_LINE), true);
  await until(astrid, 'activated');
  assert.equal((await rig.mailbox(astrid)).retryAt, null);
});

test('a full mailbox is tried less and less often too, though it can be read', async (t) => {
  const { rig, astrid, set, until } = await start(t);
  await set(astrid, { state: 'full' });
  const as = rig.cloud.context.directory.outlook;
  const path = `/users/${astrid.entraId}/events`;
  const body = { subject: 'x', ...tomorrow(), location: { displayName: '@webex' } };
  assert.equal((await rig.cloud.call('POST', path, { as, body })).status, 201);
  await until(astrid, 'error');
  for (const minutes of [1, 2, 5, 15]) {
    await rig.until(async () => (await shown(rig, astrid)).inMinutes === minutes);
    assert.deepEqual(await shown(rig, astrid), {
      state: 'error',
      reason: 'GRAPH_MAILBOX_FULL',
      actor: 'mailbox owner',
      inMinutes: minutes,
    });
    rig.jump(minutes * MINUTE_MS);
  }
  await set(astrid, { state: 'ok' });
  rig.jump(15 * MINUTE_MS);
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
});

/** Calls to the mailbox, by GUID or address. */
function tries(rig: ConnectedRig, { address }: Person, own: RegExp): string[] {
  const paths = rig.asked.map(({ path }) => decodeURIComponent(path));
  return paths.filter((path) => own.test(path) || path.includes(address));
}

test('a mailbox that is added once more, under another of its addresses, says so and is served once', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const { profile } = rig.deps.graph;
  const alias = { address: 'astrid@nordwind.example' };
  const asAlias = (address: string) => profile(address === alias.address ? astrid.address : address);
  Object.assign(rig.deps.graph, { profile: asAlias });
  await addMailbox(rig.deps, alias.address, 'person');
  await rig.until(async () => (await rig.mailbox(alias)).state === 'error');
  assert.equal((await rig.mailbox(alias)).reason, 'GRAPH_MAILBOX_TWICE');
  assert.equal((await rig.mailbox(astrid)).state, 'activated');
});
