import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUID, makeGraphRig } from './graph-rig.ts';

const DAY = 24 * 3_600_000;
const FROM = Date.UTC(2026, 10, 1);

test('21 addresses are two calls (promise 25)', async () => {
  await using rig = await makeGraphRig(({ body }) => {
    const { schedules } = JSON.parse(body) as { schedules: string[] };
    return { json: { value: schedules.map((scheduleId) => ({ scheduleId, scheduleItems: [] })) } };
  });
  const addresses = Array.from({ length: 21 }, (_, n) => `person${n}@example.com`);
  const schedules = await rig.source.schedules(GUID, addresses, { from: FROM, to: FROM + DAY });
  assert.deepEqual(
    rig.asked.map(({ body }) => JSON.parse(body).schedules.length),
    [20, 1],
  );
  assert.deepEqual(
    schedules.map(({ address }) => address),
    addresses,
  );
});

test('63 days are two calls, and an appointment over the edge counts once (promise 25)', async () => {
  const busy = {
    status: 'Busy',
    start: { dateTime: '2027-01-01T23:00:00.0000000', timeZone: 'UTC' },
    end: { dateTime: '2027-01-02T01:00:00.0000000', timeZone: 'UTC' },
  };
  await using rig = await makeGraphRig(() => ({
    json: { value: [{ scheduleId: 'A@Example.com', scheduleItems: [busy] }] },
  }));
  const schedules = await rig.source.schedules(GUID, ['a@example.com'], { from: FROM, to: FROM + 63 * DAY });
  const windows = rig.asked
    .map(({ body }) => JSON.parse(body))
    .map(({ startTime, endTime }) => [startTime.dateTime, endTime.dateTime]);
  assert.deepEqual(windows, [
    ['2026-11-01T00:00:00.000', '2027-01-02T00:00:00.000'],
    ['2027-01-02T00:00:00.000', '2027-01-03T00:00:00.000'],
  ]);
  assert.deepEqual(schedules, [
    {
      address: 'a@example.com',
      busy: [{ startAt: Date.UTC(2027, 0, 1, 23), endAt: Date.UTC(2027, 0, 2, 1), status: 'busy' }],
      error: null,
    },
  ]);
});

test('what can’t be read of one person is said beside that person', async () => {
  await using rig = await makeGraphRig(() => ({
    json: {
      value: [
        {
          scheduleId: 'nobody@example.com',
          error: { message: 'x', responseCode: 'ErrorMailRecipientNotFound' },
        },
        { scheduleId: 'somebody@example.com', scheduleItems: [] },
      ],
    },
  }));
  const addresses = ['nobody@example.com', 'somebody@example.com'];
  const schedules = await rig.source.schedules(GUID, addresses, { from: FROM, to: FROM + DAY });
  assert.deepEqual(
    schedules.map(({ error }) => error),
    ['ErrorMailRecipientNotFound', null],
  );
});
