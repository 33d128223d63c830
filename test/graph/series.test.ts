import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventJson, GUID, makeGraphRig, refusal } from './graph-rig.ts';

const WINDOW = { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 11, 24) };

test('reads the occurrences of the window over pages; one that can’t be read leaves the others', async () => {
  const one = (id: string) => eventJson({ id, type: 'occurrence', seriesMasterId: 'master' });
  await using rig = await makeGraphRig(({ url }) =>
    url.includes('page2')
      ? { json: { value: [one('o2'), { ...one('broken'), start: null }] } }
      : { json: { value: [one('o1'), one('o2')], '@odata.nextLink': `${rig.origin}/v1.0/page2` } },
  );
  const reading = await rig.source.readSeries(GUID, 'master/+=', WINDOW);
  assert.ok(reading.kind === 'found');
  assert.deepEqual(
    reading.events.map((event) => [event.id, event.seriesMasterId]),
    [
      ['o1', 'master'],
      ['o2', 'master'],
    ],
  );
  assert.deepEqual(reading.unreadable, ['broken']);
  const asked = new URL(rig.asked[0]?.url ?? '', rig.origin);
  assert.equal(asked.pathname, `/v1.0/users/${GUID}/calendar/events/master%2F%2B%3D/instances`);
  assert.equal(asked.searchParams.get('startDateTime'), '2026-11-20T00:00:00.000Z');
  assert.equal(asked.searchParams.get('endDateTime'), '2026-12-24T00:00:00.000Z');
});

test('a series that is gone is told apart from a proxy’s 404', async () => {
  await using rig = await makeGraphRig(() => refusal(404, 'ErrorItemNotFound'));
  assert.deepEqual(await rig.source.readSeries(GUID, 'm', WINDOW), { kind: 'gone' });
  rig.graph = () => ({ status: 404, text: '<html>' });
  await assert.rejects(rig.source.readSeries(GUID, 'm', WINDOW));
});

test('tells which occurrences were cancelled and when exceptions take place; what can’t be read is left out', async () => {
  const time = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
  const [start, end] = [time('2026-12-01T10:00:00.0000000'), time('2026-12-01T11:00:00.0000000')];
  const exceptionOccurrences = [
    { id: 'e1', start, end, originalStart: '2026-12-01T09:00:00Z' },
    { id: 'e2', start, end },
    { id: 'e3', start: time('soon'), end },
    { id: 'e4' },
  ];
  const cancelledOccurrences = ['OID.AAMk.x=.2026-12-03', 'OID.AAMk', 'nothing'];
  await using rig = await makeGraphRig(() => ({ json: { cancelledOccurrences, exceptionOccurrences } }));
  const startAt = Date.UTC(2026, 11, 1, 10);
  const endAt = Date.UTC(2026, 11, 1, 11);
  assert.deepEqual(await rig.source.readDeviations(GUID, 'm'), {
    cancelled: ['2026-12-03'],
    exceptions: [
      { eventId: 'e1', originalStartAt: Date.UTC(2026, 11, 1, 9), startAt, endAt },
      { eventId: 'e2', originalStartAt: startAt, startAt, endAt },
    ],
  });
  const asked = new URL(rig.asked[0]?.url ?? '', rig.origin);
  assert.equal(asked.searchParams.get('$expand'), 'exceptionOccurrences');
  assert.match(asked.searchParams.get('$select') ?? '', /cancelledOccurrences/);
});

test('a series that is gone differs in nothing', async () => {
  await using rig = await makeGraphRig(() => refusal(404, 'ErrorItemNotFound'));
  assert.deepEqual(await rig.source.readDeviations(GUID, 'm'), { cancelled: [], exceptions: [] });
  rig.graph = () => ({ json: { cancelledOccurrences: 'none' } });
  await assert.rejects(rig.source.readDeviations(GUID, 'm'));
});
