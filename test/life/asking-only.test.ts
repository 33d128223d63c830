import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const MINUTE_MS = 60_000;

describe('an appliance that nobody reaches from outside', () => {
  let installation: Installation;
  let outlook: Outlook;

  before(async () => {
    installation = await Installation.start('--sync', 'delta');
    outlook = await Outlook.signIn(installation);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const listed = async (n: number, subject: string) =>
    (await new WebexApp(installation, account(n)).meetings()).find((one) => one.subject === subject);
  const untilListed = (n: number, subject: string, yes = true) =>
    installation.until(async () => ((await listed(n, subject)) !== undefined) === yes);
  const now = async (): Promise<number> =>
    (await installation.call('GET', `${installation.facts.controlUrl}/clock`)).json.now;

  test('has no public listener and no subscription', async () => {
    const call = installation.call('GET', `${installation.facts.publicUrl}/graph/notifications`);
    await assert.rejects(call, /ECONNREFUSED/);
    const administrator = new Administrator(installation);
    assert.deepEqual(administrator.rows('SELECT id FROM subscriptions'), []);
  });

  test('does the main path by asking: join details, sealed lists, changes, cancellation', async () => {
    const id = await outlook.book(account(0), { subject: 'Asked for', attendees: [account(1)] });
    for (const n of [0, 1]) await untilListed(n, 'Asked for');
    await installation.until(async () => (await listed(1, 'Asked for'))?.joinUrl !== undefined);
    const event = await outlook.read(account(0), id);
    assert.match(event.location.displayName, /^https:\/\/nordwind\.webex\.com\/meet\//);
    await outlook.change(account(0), id, { subject: 'Asked again' });
    for (const n of [0, 1]) await untilListed(n, 'Asked again');
    await outlook.delete(account(0), id);
    for (const n of [0, 1]) await untilListed(n, 'Asked again', false);
  });

  test('automatic replies become out of office, at once or at the edges of their window (promise 19)', async () => {
    const app = new WebexApp(installation, account(2));
    const until = (status: string) => installation.until(async () => (await app.status()) === status);
    await outlook.reply(account(2), { status: 'alwaysEnabled' });
    await until('OutOfOffice');
    await outlook.reply(account(2), { status: 'disabled' });
    await until('active');
    const start = (await now()) + 30 * MINUTE_MS;
    const at = (ms: number) => ({ dateTime: new Date(ms).toISOString().slice(0, 19), timeZone: 'UTC' });
    await outlook.reply(account(2), {
      status: 'scheduled',
      scheduledStartDateTime: at(start),
      scheduledEndDateTime: at(start + 30 * MINUTE_MS),
    });
    const administrator = new Administrator(installation);
    await installation.until(
      () => administrator.rows("SELECT 1 FROM jobs WHERE kind = 'presence' AND state = 'waiting'").length > 0,
    );
    assert.equal(await app.status(), 'active');
    await installation.control('/clock', { jumpMs: 30 * MINUTE_MS });
    await until('OutOfOffice');
    await installation.control('/clock', { jumpMs: 30 * MINUTE_MS });
    await until('active');
  });
});
