import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeGraphRig, refusal } from './graph-rig.ts';

const settings = (more: object = {}) => ({
  language: { locale: 'sv-SE' },
  automaticRepliesSetting: {
    status: 'Scheduled',
    scheduledStartDateTime: { dateTime: '2026-12-01T08:00:00.0000000', timeZone: 'UTC' },
    scheduledEndDateTime: { dateTime: '2026-12-02T08:00:00.0000000', timeZone: 'UTC' },
    internalReplyMessage: '<p>secret text of upstream</p>',
  },
  ...more,
});

test('reads twenty mailboxes a call, in whatever order the answers come, and drops the reply texts', async () => {
  await using rig = await makeGraphRig(({ body }) => {
    const { requests } = JSON.parse(body) as { requests: { id: string; url: string }[] };
    const responses = requests
      .map(({ id }) => ({ id, status: 200, headers: {}, body: settings() }))
      .reverse();
    return { json: { responses } };
  });
  const guids = Array.from({ length: 21 }, (_, n) => `guid-${n}`);
  const readings = await rig.source.settings(guids);
  assert.equal(rig.asked.length, 2);
  assert.equal(JSON.parse(rig.asked[0]?.body ?? '').requests.length, 20);
  assert.equal(JSON.parse(rig.asked[0]?.body ?? '').requests[3].url, '/users/guid-3/mailboxSettings');
  assert.deepEqual([...readings.keys()], guids);
  assert.deepEqual(readings.get('guid-20'), {
    kind: 'read',
    settings: {
      locale: 'sv-SE',
      automaticReplies: {
        status: 'scheduled',
        startAt: Date.UTC(2026, 11, 1, 8),
        endAt: Date.UTC(2026, 11, 2, 8),
      },
    },
  });
});

test('each member is judged alone: an inner 429 keeps its wait, a refusal names one mailbox (promise 13)', async () => {
  await using rig = await makeGraphRig(() => ({
    json: {
      responses: [
        {
          id: '0',
          status: 429,
          headers: { 'Retry-After': '2.128' },
          body: refusal(429, 'TooManyRequests').json,
        },
        { id: '1', status: 403, body: refusal(403, 'ErrorAccessDenied', '[RAOP] blocked').json },
        { id: '3', status: 200, body: settings({ language: null, automaticRepliesSetting: null }) },
        { id: '4', status: 504, headers: {} },
      ],
    },
  }));
  const readings = await rig.source.settings(['busy', 'denied', 'missing', 'fresh', 'bodiless']);
  const reason = (guid: string) => {
    const reading = readings.get(guid);
    return reading?.kind === 'refused'
      ? [reading.error.reason, reading.error.scope, reading.error.retryAfterMs]
      : null;
  };
  assert.deepEqual(reason('busy'), ['GRAPH_THROTTLED', 'mailbox', 2128]);
  assert.deepEqual(reason('denied'), ['GRAPH_MAILBOX_DENIED', 'mailbox', undefined]);
  assert.equal(reason('missing')?.[0], 'GRAPH_UNAVAILABLE');
  assert.equal(reason('bodiless')?.[0], 'GRAPH_UNAVAILABLE');
  assert.deepEqual(readings.get('fresh'), {
    kind: 'read',
    settings: { locale: null, automaticReplies: { status: 'disabled', startAt: null, endAt: null } },
  });
});

test('an absence may be told in the mailbox’ own zone, which changes to summer time in the middle', async () => {
  const zone = 'W. Europe Standard Time';
  const automaticRepliesSetting = {
    status: 'scheduled',
    scheduledStartDateTime: { dateTime: '2027-03-27T09:00:00.0000000', timeZone: zone },
    scheduledEndDateTime: { dateTime: '2027-03-29T09:00:00.0000000', timeZone: zone },
  };
  const responses = [{ id: '0', status: 200, body: settings({ automaticRepliesSetting }) }];
  await using rig = await makeGraphRig(() => ({ json: { responses } }));
  const reading = (await rig.source.settings(['guid'])).get('guid');
  assert.ok(reading?.kind === 'read');
  assert.deepEqual(reading.settings.automaticReplies, {
    status: 'scheduled',
    startAt: Date.UTC(2027, 2, 27, 8),
    endAt: Date.UTC(2027, 2, 29, 7),
  });
});
