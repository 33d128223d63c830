import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Answer, RunningCloud } from './running-cloud.ts';
import { compact, inPath, jwe, KEY, sealedItem } from './sealed-item.ts';

let cloud: RunningCloud;

before(async () => {
  cloud = await RunningCloud.start();
});
after(() => cloud.stop());

async function put(id: string, version: number, item: object): Promise<Answer> {
  const { people, serviceApp } = cloud.context.directory;
  const path = `/calendar/ingest/v1/users/${people[0]?.webexUserId}/meetings/${inPath(id)}`;
  return cloud.call('PUT', path, { as: serviceApp.token, body: { version, item } });
}

async function held(): Promise<unknown[]> {
  return (await cloud.call('GET', '/control/webex/items')).json.items;
}

test('takes every member of an item that apps know, in both field encryptions', async () => {
  const xc20p = () => jwe({ alg: 'dir', enc: 'XC20P', kid: KEY, ctx: 'ctx' });
  for (const [version, seal] of [
    [1, jwe],
    [2, xc20p],
  ] as const) {
    const person = { encryptedEmailAddress: seal(), encryptedName: seal() };
    const item = sealedItem('full', {
      organizer: randomUUID(),
      hasAttachments: true,
      meetingSensitivity: 'PRIVATE',
      conversationId: randomUUID(),
      encryptedSubject: seal(),
      encryptedLocation: seal(),
      encryptedNotes: seal(),
      encryptedOrganizer: person,
      encryptedParticipants: [
        {
          id: randomUUID(),
          type: 'PERSON',
          participantType: 'REQUIRED',
          responseType: 'ACCEPTED',
          ...person,
        },
        { type: 'PERSON', participantType: 'OPTIONAL', responseType: 'NO_RESPONSE' },
      ],
      ...Object.fromEntries(
        ['webexURI', 'webexURL', 'spaceURI', 'spaceURL', 'spaceMeetURL'].map((name) => [name, seal()]),
      ),
      meetingJoinInfo: { meetingJoinURI: seal(), meetingJoinURL: seal() },
    });
    assert.ok((await put('full', version, item)).status < 300);
  }
});

test('refuses an item with a member in clear, a missing or a strange one, naming it', async () => {
  const person = { type: 'PERSON', participantType: 'REQUIRED', responseType: 'ACCEPTED' };
  const cases: [Record<string, unknown>, string][] = [
    [{ encryptedSubject: 'Budget' }, 'encryptedSubject'],
    [{ encryptedNotes: '' }, 'encryptedNotes'],
    [{ webexURL: 'https://nordwind.webex.com/meet/x' }, 'webexURL'],
    [{ meetingJoinInfo: { meetingJoinURL: 'https://x.example' } }, 'meetingJoinURL'],
    [{ encryptedOrganizer: { encryptedName: 'Astrid' } }, 'encryptedName'],
    [
      { encryptedParticipants: [{ ...person, encryptedEmailAddress: 'a@b.example' }] },
      'encryptedEmailAddress',
    ],
    [{ encryptedParticipants: [{ ...person, email: 'a@b.example' }] }, 'email'],
    [{ encryptedParticipants: [{ ...person, responseType: 'MAYBE' }] }, 'responseType'],
    [{ subject: 'Budget' }, 'subject'],
    [{ notesUrl: 'https://x.example' }, 'notesUrl'],
    [{ seriesId: undefined }, 'seriesId'],
    [{ start: '2026-03-01T10:00:00+01:00' }, 'start'],
    [{ durationMinutes: 0 }, 'durationMinutes'],
    [{ encryptionKeyUrl: 'https://kms.example/keys/1' }, 'encryptionKeyUrl'],
    [{ encryptionKeyUrl: undefined }, 'encryptionKeyUrl'],
    [{ organizer: 'astrid@nordwind.example' }, 'organizer'],
  ];
  for (const [more, name] of cases) {
    const { status, json } = await put('bad', 1, sealedItem('bad', more));
    assert.equal(status, 400, JSON.stringify(more));
    assert.match(json.errors[0].description, new RegExp(name));
  }
  assert.ok(!JSON.stringify(await held()).includes('"bad"'));
});

test('refuses a field that is no JWE of the kind that apps open', async () => {
  const dir = { alg: 'dir', enc: 'A256GCM' };
  const bytes = (count: number) => randomBytes(count);
  const cases = {
    'five parts': jwe().split('.').slice(0, 4).join('.'),
    'not six': `${jwe()}.x`,
    'no wrapped key': compact(dir, 'AAAA', bytes(12), bytes(9), bytes(16)),
    'a nonce of 12 bytes': compact(dir, '', bytes(16), bytes(9), bytes(16)),
    'a nonce of 24 bytes': compact({ ...dir, enc: 'XC20P' }, '', bytes(12), bytes(9), bytes(16)),
    'a whole tag': compact(dir, '', bytes(12), bytes(9), bytes(12)),
    'a text': compact(dir, '', bytes(12), bytes(0), bytes(16)),
    'direct encryption': jwe({ ...dir, alg: 'A256KW' }),
    'a known cipher': jwe({ ...dir, enc: 'A128GCM' }),
    'no other header members': jwe({ ...dir, zip: 'DEF' }),
    'the key of the item': jwe({ ...dir, kid: `${KEY.slice(0, -1)}6` }),
  };
  for (const [wanted, encryptedSubject] of Object.entries(cases))
    assert.equal((await put('jwe', 1, sealedItem('jwe', { encryptedSubject }))).status, 400, wanted);
  const named = sealedItem('jwe', { encryptedSubject: jwe({ ...dir, kid: KEY }) });
  assert.equal((await put('jwe', 1, named)).status, 201);
});
