import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHtml } from '../../src/domain/html-text.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/join-block/join-details.ts';
import type { EventWrite } from '../../src/domain/ports.ts';
import { decorated } from '../../src/sync/decorate-event.ts';
import { calendarEvent, syncRig } from './sync-rig.ts';

const ROOM = {
  url: 'https://nordwind.webex.com/meet/ann',
  sip: 'ann@nordwind.webex.com',
  meetingNumber: '23456789012',
  phone: null,
};
const KEYWORD = [{ displayName: '@webex', uri: null, raw: { displayName: '@webex' } }];

for (const [locale, words] of [
  ['sv-FI', 'Anslut till Webex-mötet'],
  [null, 'Am Webex-Meeting teilnehmen'],
] as const) {
  test(`an organiser whose mailbox says ${locale} gets join details as the organisation chose`, async (t) => {
    const writes: EventWrite[] = [];
    const event = calendarEvent({ locations: KEYWORD });
    const { deps, mailbox } = await syncRig(t, {
      graph: {
        writeEvent: (_guid, before, write) => {
          writes.push(write);
          return Promise.resolve({ kind: 'written', event: { ...before, changeKey: 'k2' } });
        },
      },
      webex: { personalRoom: () => Promise.resolve(ROOM) },
    });
    const joinBlock = {
      ...DEFAULT_SETTINGS,
      parts: ['link', 'number'] as const,
      fallbackLanguage: 'de' as const,
      footers: { de: 'Nur für Geladene' },
    };
    const settings = { ...deps.settings, joinBlock };
    await decorated({ ...deps, settings }, { ...mailbox, locale }, 'guid', event);
    const { text } = readHtml(writes[0]?.body?.content ?? '');
    assert.equal(writes.length, 1);
    assert.ok(text.includes(words));
    assert.match(text, /2345 678 9012\n[\s\S]*Nur für Geladene\n[\s\S]*See you there$/);
    assert.doesNotMatch(text, /ann@nordwind/);
  });
}
