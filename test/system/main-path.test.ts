import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Installation } from './installation.ts';
import { Outlook } from './outlook.ts';
import { WebexApp } from './webex-app.ts';

for (const algorithm of ['A256GCM', 'XC20P']) {
  describe(`the main path with ${algorithm}, from outside`, () => {
    let installation: Installation;
    let outlook: Outlook;

    before(async () => {
      installation = await Installation.start('--field-encryption', algorithm);
      outlook = await Outlook.signIn(installation);
    });
    after(() => installation.stop());

    const account = (n: number) => {
      const found = installation.facts.users[n];
      assert.ok(found);
      return found;
    };
    const app = (n: number) => new WebexApp(installation, account(n));
    const listed = async (n: number, subject: string) =>
      (await app(n).meetings()).find((meeting) => meeting.subject === subject);
    /** Waits until the meeting is in the list as the condition wants it. */
    // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
    const untilListed = async (n: number, subject: string, condition: (meeting: any) => boolean) => {
      await installation.until(async () => {
        const meeting = await listed(n, subject);
        return meeting !== undefined && condition(meeting);
      });
    };
    const writesTo = async (id: string) => {
      const answer = await installation.call('GET', `${installation.facts.controlUrl}/graph/writes`);
      const rows: { app: string; eventId: string; method: string }[] = answer.json.writes ?? answer.json;
      return rows.filter(
        (row) => row.eventId === id && row.method === 'PATCH' && row.app.includes('appliance'),
      );
    };

    test('staging.json is for its owner only and names 8 people and 3 rooms', () => {
      assert.equal(statSync(join(installation.directory, 'staging.json')).mode & 0o777, 0o600);
      assert.ok(installation.facts.users.length >= 8);
      assert.ok(installation.facts.rooms.length >= 3);
    });

    test('@webex becomes the organiser’s room and everyone enabled sees the sealed meeting', async () => {
      const room = installation.facts.rooms[0];
      assert.ok(room);
      const body = '<p>Bring <b>numbers</b> &amp; cake</p>';
      const id = await outlook.book(account(0), { subject: 'Budget', body, attendees: [account(1), room] });
      await untilListed(0, 'Budget', (meeting) => meeting.joinUrl !== undefined);
      await untilListed(1, 'Budget', (meeting) => meeting.joinUrl !== undefined);
      const mine = await listed(0, 'Budget');
      assert.match(mine.joinUrl, /^https:\/\/nordwind\.webex\.com\/meet\//);
      assert.equal(mine.webexUrl, mine.joinUrl);
      assert.match(mine.joinUri, /@nordwind\.webex\.com$/);
      assert.equal(mine.location, mine.joinUrl);
      assert.equal(mine.organizer, account(0).address);
      assert.deepEqual(mine.participants, [account(1).address, room.address]);
      assert.match(
        mine.notes,
        /Anslut till Webex-mötet[\s\S]*Mötesnummer: \d{3} \d{3} \d{4}\n[\s\S]*Bring numbers & cake/,
      );
      const event = await outlook.read(account(0), id);
      assert.equal(event.location.displayName, mine.joinUrl);
      assert.ok(event.body.content.includes(body));
      await installation.until(async () => (await new WebexApp(installation, room).meetings()).length === 1);
      for (const item of await app(0).list()) {
        assert.ok(!JSON.stringify(item).includes('Budget'));
        const [header = ''] = item.encryptedSubject.split('.');
        assert.equal(JSON.parse(Buffer.from(header, 'base64url').toString()).enc, algorithm);
      }
      assert.equal((await writesTo(id)).length, 1);
    });

    test('another person can not get the key of a meeting', async () => {
      const [item] = await app(0).list();
      await assert.rejects(app(5).key(item.encryptionKeyUrl), /KMS refuses .* 403/);
    });

    test('Cisco’s own KMS client makes, binds, shares and retrieves a key', async () => {
      const uri = await app(0).shareNewKey(account(1));
      assert.match((await app(1).key(uri)).k, /^[\w-]{43}$/);
      await assert.rejects(app(2).key(uri), /KMS refuses .* 403/);
    });

    test('a new subject, a new time and a cancellation reach the list', async () => {
      const id = await outlook.book(account(2), { subject: 'Draft plan', attendees: [account(3)] });
      await untilListed(3, 'Draft plan', (meeting) => meeting.joinUrl !== undefined);
      await outlook.change(account(2), id, { subject: 'Final plan' });
      await untilListed(2, 'Final plan', () => true);
      await untilListed(3, 'Final plan', (meeting) => meeting.joinUrl !== undefined);
      const start = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 19);
      const end = new Date(Date.now() + 49 * 3_600_000).toISOString().slice(0, 19);
      await outlook.change(account(2), id, {
        start: { dateTime: start, timeZone: 'UTC' },
        end: { dateTime: end, timeZone: 'UTC' },
      });
      await untilListed(3, 'Final plan', (meeting) => meeting.start === `${start}.000Z`);
      await outlook.delete(account(2), id);
      await installation.until(
        async () => (await app(2).list()).length === 0 && (await app(3).list()).length === 0,
      );
      assert.equal((await writesTo(id)).length, 1);
    });

    test('ten identical notifications cause one write and one delivery (promise 5)', async () => {
      const id = await outlook.book(account(4), { subject: 'Ten times' });
      await untilListed(4, 'Ten times', (meeting) => meeting.joinUrl !== undefined);
      const effects = async () => {
        const answer = await installation.call('GET', `${installation.facts.controlUrl}/webex/effects`);
        const rows: { userId: string }[] = answer.json.effects ?? answer.json;
        return rows.filter((row) => row.userId === account(4).webexUserId).length;
      };
      const before = await effects();
      const url = `${installation.facts.controlUrl}/graph/renotify`;
      const order = JSON.stringify({ mailbox: account(4).entraId, eventId: id, times: 10 });
      const answer = await installation.call('POST', url, { 'content-type': 'application/json' }, order);
      assert.equal(answer.status, 200, answer.text);
      // A later change of another event of the same mailbox is worked off behind the ten.
      await outlook.book(account(4), { subject: 'Behind them' });
      await untilListed(4, 'Behind them', (meeting) => meeting.joinUrl !== undefined);
      assert.equal((await writesTo(id)).length, 1);
      assert.equal(await effects(), before + 1);
    });

    test('a meeting booked while the appliance is down is there after its restart', async () => {
      process.kill(installation.facts.appliancePid, 'SIGKILL');
      await outlook.book(account(6), { subject: 'Meanwhile' });
      await untilListed(6, 'Meanwhile', (meeting) => meeting.joinUrl !== undefined);
    });

    test('a restart of the cloud loses nothing', async () => {
      const pid = installation.facts.cloudPid;
      process.kill(pid, 'SIGKILL');
      await installation.until(() => installation.facts.ready && installation.facts.cloudPid !== pid);
      await outlook.book(account(7), { subject: 'Afterwards' });
      await untilListed(7, 'Afterwards', (meeting) => meeting.joinUrl !== undefined);
      assert.ok(await listed(6, 'Meanwhile'));
    });
  });
}
