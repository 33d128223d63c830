import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Installation } from './installation.ts';
import { Outlook } from './outlook.ts';
import { WebexApp } from './webex-app.ts';

const CHANGES = 200;
const KILLS = 10;
const PARALLEL = 4;

test(`${KILLS} kills at random during ${CHANGES} changes lose nothing and double nothing`, async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const outlook = await Outlook.signIn(installation);
  const { users, controlUrl } = installation.facts;
  const booked: { owner: number; id: string; subject: string }[] = [];
  let changes = 0;
  let pumping = true;

  const pump = async (worker: number): Promise<void> => {
    for (; changes < CHANGES; ) {
      changes += 1;
      const owner = (worker + changes) % users.length;
      const account = users[owner];
      assert.ok(account);
      const mine = booked.filter((one) => one.owner === owner);
      const earlier = changes % 3 === 0 ? mine.at(-1) : undefined;
      if (earlier === undefined) {
        const subject = `Meeting ${changes}`;
        const id = await outlook.book(account, { subject });
        booked.push({ owner, id, subject });
      } else {
        earlier.subject = `Changed ${changes}`;
        await outlook.change(account, earlier.id, { subject: earlier.subject });
      }
    }
  };
  const killer = async (): Promise<number> => {
    let kills = 0;
    for (let next = 1; kills < KILLS; kills += 1, next = Math.ceil(((kills + 1) * CHANGES) / (KILLS + 2))) {
      await installation.until(() => changes >= next || !pumping);
      const pid = installation.facts.appliancePid;
      process.kill(pid, 'SIGKILL');
      await installation.until(
        () => installation.facts.ready && installation.facts.appliancePid !== pid,
        30_000,
      );
    }
    return kills;
  };
  const work = Promise.all(Array.from({ length: PARALLEL }, (_, n) => pump(n))).finally(() => {
    pumping = false;
  });
  const [kills] = await Promise.all([killer(), work]);
  assert.equal(kills, KILLS);

  // The oracle is the simulated calendar: every list equals it.
  for (const [owner, account] of users.entries()) {
    const mine = booked.filter((one) => one.owner === owner);
    const calendar = await Promise.all(mine.map((one) => outlook.read(account, one.id)));
    const expected = calendar.map((event) => event.subject).sort();
    const app = new WebexApp(installation, account);
    // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
    let shown: any[] = [];
    await installation.until(async () => {
      shown = await app.meetings();
      const complete = shown
        .filter((meeting) => meeting.joinUrl !== undefined)
        .map((meeting) => meeting.subject);
      return JSON.stringify(complete.sort()) === JSON.stringify(expected);
    }, 60_000);
    assert.equal(shown.length, expected.length);
  }

  const writes: { app: string; method: string; eventId: string }[] = rows(
    (await installation.call('GET', `${controlUrl}/graph/writes`)).json,
  );
  const ours = writes
    .filter((row) => row.app.includes('appliance') && row.method === 'PATCH')
    .map((row) => row.eventId);
  assert.deepEqual(
    [...new Set(ours)].sort(),
    booked.map((one) => one.id).sort(),
    'every event was decorated',
  );
  assert.equal(ours.length, booked.length, 'and none twice');
  const effects: { meetingId: string; version: number }[] = rows(
    (await installation.call('GET', `${controlUrl}/webex/effects`)).json,
  );
  const delivered = effects.map((row) => `${row.meetingId} ${row.version}`);
  assert.equal(new Set(delivered).size, delivered.length, 'no version was accepted twice');
  assert.equal(new Set(effects.map((row) => row.meetingId)).size, booked.length, 'no meeting was made twice');
});

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
function rows(json: any): any[] {
  return Array.isArray(json) ? json : (json.writes ?? json.effects);
}
