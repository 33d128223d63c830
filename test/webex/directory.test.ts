import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { openWebexDirectory } from '../../src/webex/directory.ts';
import { type Answer, type Asked, makeWebexRig, publicId } from './webex-rig.ts';

const UUID = '7b2f0c52-5bb0-4e3c-9a7b-0d7a3a7f6a10';
const OTHER = '00000000-0000-4000-8000-000000000001';

async function makeRig(answer: (asked: Asked) => Answer) {
  const rig = await makeWebexRig(answer);
  return { rig, directory: openWebexDirectory({ ...rig.rest, apiUrl: `${rig.origin}/v1/` }) };
}

const failsWith = (facts: object) => (thrown: unknown) => {
  assert.ok(thrown instanceof AppError);
  assert.equal(thrown.upstream, 'webex');
  assert.partialDeepStrictEqual({ ...thrown }, facts);
  return true;
};

test('finds the person whose address it is, and no other', async () => {
  const { rig, directory } = await makeRig(() => ({
    json: {
      items: [
        { id: publicId('PEOPLE', OTHER), emails: ['anna+x@example.com'] },
        { id: publicId('PEOPLE', UUID.toUpperCase()), emails: ['old@example.com', 'Anna@Example.com'] },
      ],
    },
  }));
  await using _ = rig;
  assert.equal((await directory.identify('anna@example.com', 'person'))?.id, UUID);
  assert.equal(rig.asked[0]?.url, '/v1/people?email=anna%40example.com');
  assert.equal(rig.asked[0]?.headers.authorization, 'Bearer the-token');
  assert.match(String(rig.asked[0]?.headers.trackingid), /^HYBRID-CALENDAR_/);
  assert.equal(await directory.identify('nobody@example.com', 'person'), null);
});

test('finds a person on a later page of the search', async () => {
  const { rig, directory } = await makeRig(({ url }) => {
    const isFirst = !url.includes('page=2');
    const person = {
      id: publicId('PEOPLE', isFirst ? OTHER : UUID),
      emails: [isFirst ? 'a@x.example' : 'b@x.example'],
    };
    const headers = isFirst ? { link: `<${rig.origin}/v1/people?page=2>; rel="next"` } : {};
    return { headers, json: { items: [person] } };
  });
  await using _ = rig;
  assert.equal((await directory.identify('b@x.example', 'person'))?.id, UUID);
});

test('finds a room among the workspaces, page after page', async () => {
  const rooms = [
    { id: publicId('PLACES', OTHER), calendar: { type: 'none' } },
    {
      id: publicId('PLACES', UUID),
      orgId: publicId('ORGANIZATION', OTHER),
      calendar: { type: 'microsoft', emailAddress: 'Room1@example.com' },
    },
  ];
  const { rig, directory } = await makeRig(({ url }) => {
    const start = Number(new URL(url, 'https://x').searchParams.get('start') ?? '0');
    const link = `<${rig.origin}/v1/workspaces?max=100&start=1>; rel="next", <${rig.origin}/v1>; rel="first"`;
    return { headers: start === 0 ? { link } : {}, json: { items: [rooms[start]] } };
  });
  await using _ = rig;
  assert.deepEqual(await directory.identify('room1@example.com', 'room'), { id: UUID, orgId: OTHER });
  assert.equal(await directory.identify('room2@example.com', 'room'), null);
});

test('follows no page to another host', async () => {
  const { rig, directory } = await makeRig(() => ({
    headers: { link: '<https://elsewhere.example.com/v1/workspaces?start=1>; rel="next"' },
    json: { items: [] },
  }));
  await using _ = rig;
  await assert.rejects(
    directory.identify('room1@example.com', 'room'),
    failsWith({ code: 'forbidden', reason: 'WEBEX_HOST_NOT_ALLOWED' }),
  );
});

test('reads a personal room and nothing secret of it', async () => {
  const { rig, directory } = await makeRig(() => ({
    json: {
      personalMeetingRoomLink: 'https://site.webex.com/meet/anna',
      sipAddress: 'anna@site.webex.com',
      hostPin: '9999',
      telephony: {
        accessCode: '2550 123 4567',
        callInNumbers: [{ label: 'Sweden Toll', callInNumber: '+46-8-505-200-00', tollType: 'toll' }],
        links: [],
      },
    },
  }));
  await using _ = rig;
  assert.deepEqual(await directory.personalRoom('anna@example.com'), {
    url: 'https://site.webex.com/meet/anna',
    sip: 'anna@site.webex.com',
    meetingNumber: '25501234567',
    phone: {
      accessCode: '2550 123 4567',
      numbers: [{ label: 'Sweden Toll', number: '+46-8-505-200-00' }],
    },
  });
  assert.equal(rig.asked[0]?.url, '/v1/meetingPreferences/personalMeetingRoom?userEmail=anna%40example.com');
  rig.answer = () => ({ status: 404, json: { message: 'x' } });
  assert.equal(await directory.personalRoom('anna@example.com'), null);
  rig.answer = () => ({ json: { personalMeetingRoomLink: '', sipAddress: '' } });
  await assert.rejects(
    directory.personalRoom('a@example.com'),
    failsWith({ reason: 'WEBEX_UNEXPECTED_ANSWER' }),
  );
});

test('judges refusals by their reach', async () => {
  const { rig, directory } = await makeRig(() => ({ status: 401 }));
  await using _ = rig;
  const ask = () => directory.identify('a@example.com', 'person');
  await assert.rejects(
    ask(),
    failsWith({ code: 'unauthenticated', reason: 'WEBEX_REFUSED', scope: 'upstream' }),
  );
  rig.answer = () => ({ status: 403 });
  await assert.rejects(ask(), failsWith({ code: 'forbidden', reason: 'WEBEX_REFUSED', scope: 'upstream' }));
  rig.answer = () => ({ status: 429 });
  await assert.rejects(
    ask(),
    failsWith({ reason: 'WEBEX_THROTTLED', retryAfterMs: 5000, scope: 'upstream' }),
  );
  rig.answer = () => ({ status: 423, headers: { 'retry-after': '3' } });
  await assert.rejects(ask(), failsWith({ reason: 'WEBEX_LOCKED', retryAfterMs: 3000, scope: 'job' }));
  rig.answer = () => ({ status: 502 });
  await assert.rejects(
    ask(),
    failsWith({ code: 'unavailable', reason: 'WEBEX_UNREACHABLE', scope: 'upstream' }),
  );
  rig.answer = () => ({ status: 400 });
  await assert.rejects(ask(), failsWith({ code: 'invalid', reason: 'WEBEX_REQUEST_REFUSED', scope: 'job' }));
});
