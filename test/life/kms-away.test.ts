import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { type Account, Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After the whole test the meeting lies ahead all the same. */
const IN_HOURS = 72;

describe('the KMS away for a day and a minute (C7)', () => {
  let installation: Installation;
  let outlook: Outlook;
  let administrator: Administrator;
  let id: string;

  before(async () => {
    installation = await Installation.start();
    outlook = await Outlook.signIn(installation);
    administrator = new Administrator(installation);
    id = await book('First');
    await untilDelivered(id);
  });
  after(() => installation.stop());

  const account = (n: number): Account => {
    const found = installation.facts.users[n];
    assert.ok(found);
    return found;
  };
  const book = (subject: string) =>
    outlook.book(account(0), { subject, attendees: [account(1)], inHours: IN_HOURS });
  const change = (subject: string) => outlook.change(account(0), id, { subject });
  const jump = (jumpMs: number) => installation.control('/clock', { jumpMs });
  const command = (...argv: string[]) => {
    const config = join(installation.facts.applianceDir, 'appliance.config.toml');
    return Installation.run(...argv, '--config', config);
  };
  const keys = async () => {
    const { code, stdout } = await command('keys', 'status', '--json');
    return { code, ...JSON.parse(stdout) };
  };
  const meeting = (eventId: string) =>
    administrator.rows('SELECT version, delivered_version FROM meetings WHERE event_id = ?', eventId).at(0);
  const untilDelivered = (eventId: string, version = 1) =>
    installation.until(() => {
      const row = meeting(eventId);
      return row?.version === row?.delivered_version && Number(row?.version ?? 0) >= version;
    });
  const alarms = () =>
    administrator
      .rows('SELECT id FROM alarms ORDER BY id')
      .map((row) => String(row.id))
      .filter((name) => name !== 'kms-unreachable');
  const waiting = (): number =>
    administrator.rows("SELECT id FROM jobs WHERE kind = 'sync-event' AND state = 'waiting'").length;

  test('at first work goes on with the keys in memory, and status and command say until when', async () => {
    await installation.control('/kms/fault', { kind: 'down' });
    await jump(2 * HOUR_MS);
    // The token of the calendar client has run out as well.
    outlook = await Outlook.signIn(installation);
    await change('Second');
    await untilDelivered(id, 2);
    const { code, outage } = await keys();
    assert.deepEqual([code, outage.reason], [1, 'KMS_UNREACHABLE']);
    assert.ok(outage.firstKeyServesUntil <= outage.lastKeyServesUntil);
    assert.match(await administrator.statusPage(), /in memory serve/);
  });

  test('an alarm tells when they stop serving within four hours', async () => {
    await jump(19 * HOUR_MS);
    await installation.until(() => alarms().includes('keys-ending'));
    outlook = await Outlook.signIn(installation);
    await change('Third');
    await untilDelivered(id, 3);
  });

  test('after their limit nothing is sealed any more, and hints wait', async () => {
    await jump(3 * HOUR_MS + MINUTE_MS);
    await installation.until(() => alarms().includes('no-usable-key'));
    assert.ok(!alarms().includes('keys-ending'));
    outlook = await Outlook.signIn(installation);
    await change('Fourth');
    await installation.until(() => waiting() > 0);
    assert.equal(meeting(id)?.version, 3);
    assert.equal((await keys()).code, 69);
  });

  test('a start without the KMS runs, takes hints and says what it waits for', async () => {
    await installation.restartAppliance();
    await installation.until(() => alarms().includes('no-usable-key'));
    const before = waiting();
    await change('Fifth');
    const other = await book('Meanwhile');
    await installation.until(() => waiting() > before);
    assert.deepEqual([meeting(id)?.version, meeting(other)], [3, undefined]);
    const { code, stdout } = await command('status');
    assert.equal(code, 69);
    assert.match(stdout, /The KMS is away, and there is no usable key/);
    assert.match(stdout, /until the KMS answers/);
    const page = await new Administrator(installation).statusPage();
    assert.match(page, /No key in memory serves: changes wait\./);
  });

  test('afterwards all is delivered, each meeting in order, and the alarms end', async () => {
    await installation.control('/kms/fault', { kind: 'none' });
    // The pause of the upstream runs on the clock of the installation.
    await jump(MINUTE_MS);
    const app = new WebexApp(installation, account(1));
    const subjects = async () => (await app.meetings()).map((one) => one.subject);
    await installation.until(async () => (await subjects()).includes('Fifth'), 60_000);
    await installation.until(async () => (await subjects()).includes('Meanwhile'));
    assert.ok(
      (await subjects()).every((subject) => !['First', 'Second', 'Third', 'Fourth'].includes(subject)),
    );
    const effects = await installation.call('GET', `${installation.facts.controlUrl}/webex/effects`);
    const versions = new Map<string, number[]>();
    for (const { userId, meetingId, version } of effects.json.effects) {
      const key = `${userId}/${meetingId}`;
      versions.set(key, [...(versions.get(key) ?? []), version]);
    }
    for (const [meetingId, its] of versions)
      assert.deepEqual(
        its,
        [...new Set(its)].sort((a, b) => a - b),
        `${meetingId} in order, each once`,
      );
    await jump(MINUTE_MS);
    await installation.until(() => administrator.rows('SELECT id FROM alarms').length === 0);
    assert.equal((await keys()).code, 0);
    assert.deepEqual(administrator.rows("SELECT id FROM jobs WHERE state = 'dead'"), []);
  });
});
