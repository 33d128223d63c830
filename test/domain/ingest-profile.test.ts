import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Judge } from '../../scripts/conformance/judge.ts';
import { fullItem, jwe, plainItem, reminder } from '../../scripts/conformance/sample-items.ts';
import { meetingOf } from '../../src/domain/change.ts';
import { INGEST_PROFILE } from '../../src/domain/ingest-profile.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { MEETING_ITEM } from '../../src/staging/cloud/webex/meeting-item.ts';
import { REMINDER_ITEM } from '../../src/staging/cloud/webex/reminder-item.ts';
import { meetingItem, reminderItem } from '../../src/sync/meeting-item.ts';
import { openMeetingSink } from '../../src/webex/ingest.ts';
import { type Asked, makeWebexRig } from '../webex/webex-rig.ts';
import { anEvent, at } from './calendar-events.ts';

const UUID = '0a000000-0000-4000-8000-000000000001';
const judge = new Judge();

test('every reference of the document leads somewhere, and every name in a path is declared', () => {
  const text = JSON.stringify(INGEST_PROFILE);
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  assert.ok(references.length > 50);
  for (const path of references) {
    const found = path.split('/').reduce<unknown>((value, step) => Object(value)[step], INGEST_PROFILE);
    assert.notEqual(found, undefined, path);
  }
  for (const [path, item] of Object.entries(INGEST_PROFILE.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = 'parameters' in item ? item.parameters.map(({ name }) => name) : [];
    assert.deepEqual(names, declared, path);
  }
});

test('every schema of the document is one', () => {
  for (const name of Object.keys(INGEST_PROFILE.components.schemas))
    assert.doesNotThrow(
      () => judge.value(name as keyof typeof INGEST_PROFILE.components.schemas, null),
      name,
    );
});

test('what the appliance makes of a full meeting is an item of the profile, under either cipher', async () => {
  await sodiumReady();
  const people = (['accepted', 'tentativelyAccepted', 'declined', 'none', 'notResponded'] as const).map(
    (response) => ({
      name: 'Bo',
      address: 'bo@nordwind.example',
      type: 'resource' as const,
      response,
    }),
  );
  for (const url of ['https://nordwind.webex.com/meet/ann', 'https://teams.microsoft.com/l/meetup-join/1']) {
    const event = anEvent({ locations: at('Aurora', url), attendees: people, sensitivity: 'private' });
    for (const algorithm of ['A256GCM', 'XC20P'] as const) {
      const place = { purpose: 'meeting', tenant: UUID, mailbox: '1', event: 'e', version: 1 } as const;
      const key = { uri: plainItem('x').encryptionKeyUrl, key: new Uint8Array(32), place, algorithm };
      const { item } = meetingItem(
        UUID,
        meetingOf(event, builtInRules()).meeting,
        key,
        { idOf: () => UUID, ownId: UUID, orgId: UUID, spaceId: UUID },
        systemRandom(),
      );
      assert.deepEqual(judge.value('Item', item), []);
    }
  }
});

test('what the appliance sends is what the profile takes', async () => {
  const sent: Asked[] = [];
  await using rig = await makeWebexRig((asked) => {
    sent.push(asked);
    return { status: 200, json: {} };
  });
  const sink = openMeetingSink({ ...rig.rest, ingestUrl: rig.origin });
  await sink.put(UUID, plainItem('a'), 1);
  await sink.putReminder(UUID, reminder('a'), 1);
  await sink.setPresence(UUID, { away: true, until: Date.UTC(2026, 11, 1) }, 2);
  await sink.setPresence(UUID, { away: true, until: null }, 3);
  await sink.setPresence(UUID, { away: false, until: null }, 4);
  const [delivery, reminded, ...presence] = sent.map(({ body }) => JSON.parse(body));
  assert.deepEqual(judge.value('Delivery', delivery), []);
  assert.deepEqual(judge.value('ReminderDelivery', reminded), []);
  for (const one of presence) assert.deepEqual(judge.value('Presence', one), []);
});

test('document and simulated cloud agree on every item that lacks, or spoils, one member', () => {
  const full = fullItem('a');
  const spoilt = [undefined, null, '', 'Budget', 0, -1, 1.5, true, {}, [], [{}], jwe()];
  const items = Object.keys(full).flatMap((name) => spoilt.map((value) => ({ ...full, [name]: value })));
  let refused = 0;
  for (const item of [full, plainItem('a'), { ...full, more: jwe() }, ...items]) {
    const sent = JSON.parse(JSON.stringify(item));
    const documented = judge.value('Item', sent).length === 0;
    assert.equal(documented, MEETING_ITEM.safeParse(sent).success, JSON.stringify(sent).slice(0, 400));
    refused += Number(!documented);
  }
  assert.ok(refused > 100, `${refused}`);
});

test('a reminder of any meeting is one of the profile, sealed, and the same to the simulated cloud', async () => {
  await sodiumReady();
  const place = { purpose: 'meeting', tenant: UUID, mailbox: '1', event: 'e', version: 1 } as const;
  const uri = plainItem('x').encryptionKeyUrl;
  const addresses = [
    'https://nordwind.webex.com/meet/ann',
    'https://teams.microsoft.com/l/meetup-join/1',
    'sip:ann@video.example.com',
    'nowhere',
  ];
  for (const address of addresses) {
    const { meeting } = meetingOf(anEvent({ locations: at(address) }), builtInRules());
    for (const algorithm of ['A256GCM', 'XC20P'] as const) {
      const key = { uri, key: new Uint8Array(32), place, algorithm };
      const { item } = reminderItem(UUID, meeting, key, systemRandom());
      assert.deepEqual(judge.value('Reminder', item), []);
      assert.equal(REMINDER_ITEM.safeParse(item).error, undefined);
      assert.ok(!JSON.stringify(item).includes(address));
      const isJoined = Object.keys(item.meetingJoinInfo).length > 0;
      assert.equal(isJoined, meeting.joinTarget !== null, address);
    }
  }
});
