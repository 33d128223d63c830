import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { GUID, makeGraphRig, refusal } from './graph-rig.ts';

const WINDOW = { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 11, 24) };
const full = (id: string, key = `${id}-key`) => ({
  '@odata.etag': `W/"${key}"`,
  id,
  changeKey: key,
  type: 'singleInstance',
  start: { dateTime: '2026-12-01T10:00:00.0000000', timeZone: 'UTC' },
  lastModifiedDateTime: '2026-11-23T09:00:00.0000000Z',
});
const thin = (id: string, seriesMasterId: string) => ({
  '@odata.type': '#microsoft.graph.event',
  '@odata.etag': `W/"${id}-etag"`,
  id,
  seriesMasterId,
  type: 'occurrence',
  start: { dateTime: '2026-12-02T10:00:00.0000000', timeZone: 'UTC' },
});

test('a first round names its window, follows its pages and keeps the link whole', async () => {
  await using rig = await makeGraphRig(({ url }) => {
    const root = `${rig.origin}/v1.0/users/${GUID}/calendarView/delta`;
    if (url.includes('page2')) {
      const value = [thin('o1', 'm'), { id: 'gone', '@removed': { reason: 'deleted' } }, full('a', 'newer')];
      return { json: { value, '@odata.deltaLink': `${root}?$deltatoken=A%2Bb==&x=1` } };
    }
    return { json: { value: [full('a'), full('m')], '@odata.nextLink': `${root}?$skiptoken=page2` } };
  });
  const round = await rig.source.deltaRound(GUID, { window: WINDOW });
  assert.ok(round.kind === 'round');
  assert.equal(round.link, `${rig.origin}/v1.0/users/${GUID}/calendarView/delta?$deltatoken=A%2Bb==&x=1`);
  assert.deepEqual(
    round.changed.map(({ id, changeKey, seriesMasterId }) => [id, changeKey, seriesMasterId]),
    [
      ['a', 'newer', null],
      ['m', 'm-key', null],
      ['o1', 'o1-etag', 'm'],
    ],
    'rows can repeat: the last wins',
  );
  assert.deepEqual(round.removed, ['gone']);
  const [first] = rig.asked;
  const asked = new URL(first?.url ?? '', rig.origin);
  assert.equal(asked.searchParams.get('startDateTime'), '2026-11-20T00:00:00.000Z');
  assert.match(String(first?.headers.prefer), /odata\.maxpagesize=50/);
  assert.equal(asked.searchParams.has('$select'), false);
});

test('a page without rows goes on, and the next round calls the link exactly as it came', async () => {
  const link = (rig: { origin: string }) =>
    `${rig.origin}/v1.0/users/${GUID}/calendarView/delta?$deltatoken=a%2Bb&z=(1)`;
  await using rig = await makeGraphRig(({ url }) =>
    url.includes('empty')
      ? { json: { value: [full('late')], '@odata.deltaLink': link(rig) } }
      : { json: { value: [], '@odata.nextLink': `${rig.origin}/v1.0/next?empty` } },
  );
  const round = await rig.source.deltaRound(GUID, { link: link(rig) });
  assert.equal(rig.asked[0]?.url, `/v1.0/users/${GUID}/calendarView/delta?$deltatoken=a%2Bb&z=(1)`);
  assert.ok(round.kind === 'round');
  assert.deepEqual(
    round.changed.map((stub) => stub.id),
    ['late'],
  );
});

for (const answer of [
  refusal(410, 'SyncStateNotFound'),
  { ...refusal(410, 'x'), text: '', json: undefined },
  refusal(400, 'resyncRequired'),
]) {
  test(`a token that died in the middle of a round discards it (${JSON.stringify(answer)})`, async () => {
    await using rig = await makeGraphRig(({ url }) =>
      url.includes('dead')
        ? answer
        : { json: { value: [full('a')], '@odata.nextLink': `${rig.origin}/v1.0/dead` } },
    );
    assert.deepEqual(await rig.source.deltaRound(GUID, { window: WINDOW }), { kind: 'expired' });
  });
}

test('a link to another host is refused and gets no token, to a national cloud least of all (promise 17)', async () => {
  for (const host of [
    'graph.microsoft.us',
    'dod-graph.microsoft.us',
    'microsoftgraph.chinacloudapi.cn',
    'graph.microsoft.de',
    'canary.graph.microsoft.com',
    'graph.microsoft.com.elsewhere.example',
  ]) {
    const link = `https://${host}/v1.0/me`;
    await using rig = await makeGraphRig(() => ({ json: { value: [], '@odata.nextLink': link } }));
    await assert.rejects(rig.source.deltaRound(GUID, { window: WINDOW }), (thrown) => {
      return thrown instanceof AppError && thrown.reason === 'GRAPH_HOST_NOT_ALLOWED';
    });
    // One that was kept is of another configuration: the round begins anew.
    assert.deepEqual(await rig.source.deltaRound(GUID, { link }), { kind: 'expired' });
    assert.equal(rig.asked.length, 1);
  }
});

test('a row without an id is passed over, a damaged one is left to the look at its event', async () => {
  await using rig = await makeGraphRig(() => ({
    json: {
      value: [{ subject: 'x' }, { id: 'damaged', start: 7 }],
      '@odata.deltaLink': 'https://x.example/',
    },
  }));
  const round = await rig.source.deltaRound(GUID, { window: WINDOW });
  assert.ok(round.kind === 'round');
  assert.deepEqual(
    round.changed.map(({ id, changeKey }) => [id, changeKey]),
    [['damaged', null]],
  );
});

test('what changed lately is listed wherever in time it lies', async () => {
  await using rig = await makeGraphRig(() => ({ json: { value: [full('far')] } }));
  const stubs = await rig.source.changedSince(GUID, Date.UTC(2026, 10, 23, 8));
  assert.deepEqual(
    stubs.map((stub) => [stub.id, stub.modifiedAt]),
    [['far', Date.UTC(2026, 10, 23, 9)]],
  );
  const asked = new URL(rig.asked[0]?.url ?? '', rig.origin).searchParams;
  assert.equal(asked.get('$filter'), 'lastModifiedDateTime gt 2026-11-23T08:00:00.000Z');
});
