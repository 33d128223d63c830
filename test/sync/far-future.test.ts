import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, book } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { daily, tomorrow } from './future-event.ts';
import { change, codes, meetings, now } from './scheduled-event.ts';

const DAY_HOURS = 24;
const DAY_MS = 86_400_000;
const PATCHES = /^PATCH .*\/events\//;
/** Longer than the longest pace of asking. */
const NEXT_ROUND_MS = 6 * 60_000;
const place = (displayName: string) => ({ location: { displayName } });

for (const webhooks of [true, false]) {
  const told = webhooks ? 'told' : 'asked for';
  const look = (rig: ConnectedRig) => {
    if (!webhooks) rig.jump(NEXT_ROUND_MS);
  };

  test(`a meeting three years ahead gets its join details at once, ${told}`, async (t) => {
    const rig = await ConnectedRig.start(t, { webhooks });
    const astrid = rig.person(0);
    await rig.watch(astrid);
    const far = { ...tomorrow(36 * 30 * DAY_HOURS), ...place('@webex:onetime') };
    const event = await book(rig.cloud, astrid, far);
    look(rig);
    await rig.until(() => rig.calls(PATCHES).length === 1);
    await rig.settled();
    assert.equal((await meetings(rig)).length, 1);
    assert.match((await now(rig, astrid, event)).location.displayName, /j\.php\?MTID=/);
    assert.equal(rig.webex.listed(astrid.address), 0, 'the list does not reach so far');
  });

  test(`a keyword on an occurrence beyond the list is answered there alone, ${told}`, async (t) => {
    const rig = await ConnectedRig.start(t, { webhooks });
    const astrid = rig.person(0);
    await rig.watch(astrid);
    const series = await book(rig.cloud, astrid, { subject: 'Long', ...daily(90) });
    look(rig);
    await rig.until(() => rig.webex.listed(astrid.address) > 25);
    await rig.settled();
    const [from, to] = [60, 70].map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
    const path = `${at(astrid, series)}/instances?startDateTime=${from}&endDateTime=${to}`;
    const [far] = (await rig.cloud.call('GET', path)).json.value;
    assert.ok(far);
    await change(rig, astrid, far, place('@webex'));
    look(rig);
    await rig.until(() => rig.calls(PATCHES).length === 1);
    await rig.settled();
    assert.match((await now(rig, astrid, far)).location.displayName, /\/meet\//);
    assert.equal((await now(rig, astrid, series)).location.displayName, '');
    await change(rig, astrid, far, place('Room 7'));
    look(rig);
    await rig.until(() => rig.calls(PATCHES).length === 2);
    await rig.settled();
    assert.ok((await codes(rig, astrid, far)).includes('ARRANGEMENT_ENDED'));
  });
}
