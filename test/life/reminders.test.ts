import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const MINUTE_MS = 60_000;
const LEAD_MS = 5 * MINUTE_MS;
const TYPE = { 'content-type': 'application/json' };

interface Arrival {
  readonly at: number;
  readonly realAt: number;
  readonly userId: string;
  readonly meetingId: string;
  readonly kind: string;
  readonly start: string | null;
}

describe('the Join button, from outside', () => {
  let installation: Installation;
  let outlook: Outlook;
  let administrator: Administrator;

  before(async () => {
    installation = await Installation.start();
    administrator = new Administrator(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const room = (): Account => {
    const [found] = installation.facts.rooms;
    assert.ok(found);
    return found;
  };
  const control = async (path: string) =>
    (await installation.call('GET', `${installation.facts.controlUrl}${path}`)).json;
  const now = async (): Promise<number> => (await control('/clock')).now;
  const arrivals = async (): Promise<Arrival[]> => (await control('/webex/reminders')).arrivals;
  const jumpTo = async (instant: number) =>
    installation.control('/clock', { jumpMs: Math.round(instant - (await now())) });
  /** Books on a whole second, so many minutes from the simulated time, and waits until everybody has it. */
  const booked = async (owner: Account, minutes: number, attendees: readonly Account[]) => {
    const startAt = Math.floor(((await now()) + minutes * MINUTE_MS) / 1000) * 1000;
    // An hour of theirs is gone with every jump.
    outlook = await Outlook.signIn(installation);
    const inHours = (startAt - Date.now()) / 3_600_000;
    const id = await outlook.book(owner, { subject: 'Stand-up', attendees, inHours });
    const row = administrator.rows.bind(administrator);
    await installation.until(
      () =>
        row('SELECT 1 FROM meetings WHERE start_at = ? AND delivered_version = version', startAt).length ===
        attendees.length + 1,
    );
    return { id, startAt };
  };
  const of = (all: readonly Arrival[], startAt: number) =>
    all.filter(({ start }) => start !== null && Date.parse(start) === startAt);

  test('it comes to everybody and the room within two seconds of its time, once, and opens', async () => {
    const { startAt } = await booked(account(0), 60, [account(1), room()]);
    await jumpTo(startAt - LEAD_MS - 1_500);
    await installation.until(async () => of(await arrivals(), startAt).length === 3);
    for (const one of of(await arrivals(), startAt)) {
      const lateMs = one.at - (startAt - LEAD_MS);
      assert.ok(lateMs >= 0 && lateMs < 2_000, `${lateMs} ms`);
    }
    const { reminders } = await control('/webex/reminders');
    for (const reader of [account(1), room()]) {
      const held = reminders.find(
        (one: { userId: string; reminder: { start: string } }) =>
          one.userId === reader.webexUserId && Date.parse(one.reminder.start) === startAt,
      );
      const opened = await new WebexApp(installation, reader).open(held.reminder);
      assert.match(opened.joinUrl, /^https:\/\/nordwind\.webex\.com\/meet\//);
      assert.match(opened.joinUri, /@nordwind\.webex\.com$/);
    }
    await jumpTo(startAt + MINUTE_MS);
    const before = await now();
    await installation.until(async () => (await now()) > before + 1_500);
    assert.equal(of(await arrivals(), startAt).length, 3);
  });

  test('what fell due while Webex was away comes within five seconds of its return', async () => {
    const { startAt } = await booked(account(2), 60, [account(3)]);
    const fault = { path: '/calendar/ingest/', status: 503, times: 1_000_000 };
    const faults = `${installation.facts.controlUrl}/webex/faults`;
    await installation.call('POST', faults, TYPE, JSON.stringify(fault));
    await jumpTo(startAt - LEAD_MS);
    const failures = () =>
      administrator.rows("SELECT 1 FROM jobs WHERE kind = 'remind' AND reason IS NOT NULL").length;
    await installation.until(() => failures() > 0);
    // Longer than the back-off needs to reach its longest pause.
    const since = await now();
    await installation.until(async () => (await now()) > since + 12_000);
    assert.equal(of(await arrivals(), startAt).length, 0);
    await installation.call('DELETE', faults);
    const back = await now();
    await installation.until(async () => of(await arrivals(), startAt).length === 2);
    for (const { at } of of(await arrivals(), startAt)) assert.ok(at - back < 5_000, `${at - back} ms`);
  });

  test('what fell due while the appliance was down comes with its start, and nothing twice', async () => {
    const told = await booked(account(4), 60, []);
    const due = await booked(account(5), 70, []);
    await jumpTo(told.startAt - LEAD_MS);
    await installation.until(async () => of(await arrivals(), told.startAt).length === 1);
    const pid = installation.facts.appliancePid;
    process.kill(pid, 'SIGKILL');
    await jumpTo(due.startAt + MINUTE_MS);
    await installation.until(() => installation.facts.ready && installation.facts.appliancePid !== pid);
    const back = await now();
    await installation.until(async () => of(await arrivals(), due.startAt).length === 1);
    assert.ok((of(await arrivals(), due.startAt)[0]?.at ?? 0) - back < 5_000);
    assert.equal(of(await arrivals(), told.startAt).length, 1);
  });

  test('a cancelled meeting loses it, and a mailbox has a lead of its own', async () => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    const set = ['mailbox', 'set', account(6).address, '--reminder-lead', '15', '--config', config];
    assert.equal((await Installation.run(...set)).code, 0);
    const { id, startAt } = await booked(account(6), 60, [account(7)]);
    await jumpTo(startAt - 15 * MINUTE_MS);
    await installation.until(async () => of(await arrivals(), startAt).length === 1);
    assert.equal(of(await arrivals(), startAt)[0]?.userId, account(6).webexUserId);
    const before = (await arrivals()).length;
    outlook = await Outlook.signIn(installation);
    await outlook.delete(account(6), id);
    await installation.until(async () => (await arrivals()).length === before + 1);
    assert.equal((await arrivals()).at(-1)?.kind, 'withdrawn');
  });

  test('a series across the change to summer time keeps to the clock on the wall', async () => {
    const lives = JSON.stringify({ accessEndsInS: 300 * 86_400, refreshEndsInS: 300 * 86_400 });
    await installation.call('PUT', `${installation.facts.controlUrl}/webex/token`, TYPE, lives);
    await jumpTo(Date.UTC(2027, 2, 27, 3));
    outlook = await Outlook.signIn(installation);
    const zone = { timeZone: 'W. Europe Standard Time' };
    const made = await outlook.graph('POST', `/users/${account(0).entraId}/calendar/events`, {
      subject: 'Every morning',
      start: { dateTime: '2027-03-27T09:00:00', ...zone },
      end: { dateTime: '2027-03-27T09:30:00', ...zone },
      recurrence: {
        pattern: { type: 'daily', interval: 1 },
        range: {
          type: 'numbered',
          startDate: '2027-03-27',
          numberOfOccurrences: 2,
          recurrenceTimeZone: zone.timeZone,
        },
      },
    });
    assert.equal(made.status, 201, made.text);
    const starts = [Date.UTC(2027, 2, 27, 8), Date.UTC(2027, 2, 28, 7)];
    const listed = (startAt: number) =>
      administrator.rows('SELECT 1 FROM reminders WHERE start_at = ?', startAt).length === 1;
    await installation.until(() => starts.every(listed));
    for (const startAt of starts) {
      await jumpTo(startAt - LEAD_MS - 1_000);
      await installation.until(async () => of(await arrivals(), startAt).length === 1);
      const lateMs = (of(await arrivals(), startAt)[0]?.at ?? 0) - (startAt - LEAD_MS);
      assert.ok(lateMs >= 0 && lateMs < 2_000, `${lateMs} ms`);
    }
  });
});
