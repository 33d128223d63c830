import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventWrite } from '../../src/domain/ports.ts';
import { syncSeries } from '../../src/sync/series.ts';
import { calendarEvent, NOW, syncRig } from './sync-rig.ts';

const place = (displayName: string) => ({ displayName, uri: null, raw: { displayName } });
const MASTER = { id: 'master', lastEndAt: NOW + 1, isOrganizer: true };
const ROOM = {
  url: 'https://nordwind.webex.com/meet/ann',
  sip: 'ann@nordwind.webex.com',
  meetingNumber: null,
  phone: null,
};

test('a keyword on an exception is answered when only its series was told of; plain occurrences are left alone', async (t) => {
  const written: string[] = [];
  const member = (id: string, type: 'occurrence' | 'exception') =>
    calendarEvent({ id, type, seriesMasterId: 'master', locations: [place('@webex')] });
  const { deps, mailbox } = await syncRig(t, {
    graph: {
      readSeries: () =>
        Promise.resolve({
          kind: 'found',
          events: [member('second', 'occurrence'), member('third', 'exception')],
          unreadable: [],
        }),
      writeEvent: (_guid, event, write: EventWrite) => {
        written.push(event.id);
        const locations = (write.locations ?? []).map((raw) => place(String(raw.displayName)));
        return Promise.resolve({ kind: 'written', event: { ...event, locations, changeKey: 'k2' } });
      },
    },
    webex: { personalRoom: () => Promise.resolve(ROOM) },
  });
  const closing = await syncSeries(deps, { ...mailbox, guid: 'guid' }, MASTER, NOW);
  deps.store.write((w) => closing.write(w));
  assert.deepEqual(written, ['third']);
  const listed = deps.store.read((r) => r.listedOfSeries(mailbox.id, 'master'));
  assert.deepEqual(listed.map(({ eventId, changeKey }) => [eventId, changeKey]).sort(), [
    ['second', 'k1'],
    ['third', 'k2'],
  ]);
});
