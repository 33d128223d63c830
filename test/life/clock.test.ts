import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Administrator } from '../system/administrator.ts';
import { Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';

const DAY_MS = 86_400_000;

test('a jump of eight days outlives subscriptions, tokens and the KMS channel, and the path goes on', async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const administrator = new Administrator(installation);
  const [owner] = installation.facts.users;
  assert.ok(owner);
  const subscriptions = () =>
    administrator.rows('SELECT id FROM subscriptions ORDER BY id').map((row) => row.id);
  const before = subscriptions();
  await installation.control('/clock', { jumpMs: 8 * DAY_MS });
  await installation.until(() => {
    const now = subscriptions();
    return now.length === before.length && now.every((id) => !before.includes(id));
  });
  // The outlook client's own token has run out as well.
  const outlook = await Outlook.signIn(installation);
  const id = await outlook.book(owner, { subject: 'Next week', inHours: 8 * 24 + 5 });
  const delivered = () =>
    administrator.rows('SELECT 1 FROM meetings WHERE event_id = ? AND delivered_version = version', id)
      .length > 0;
  await installation.until(delivered);
  const event = await outlook.read(owner, id);
  assert.match(event.location.displayName, /^https:\/\/nordwind\.webex\.com\/meet\//);
});

test('a clock set back by an hour freezes nothing', async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const administrator = new Administrator(installation);
  const [owner] = installation.facts.users;
  assert.ok(owner);
  const outlook = await Outlook.signIn(installation);
  await installation.control('/clock', { jumpMs: -3_600_000 });
  const id = await outlook.book(owner, { subject: 'An hour ago' });
  await installation.until(
    () =>
      administrator.rows('SELECT 1 FROM meetings WHERE event_id = ? AND delivered_version = version', id)
        .length > 0,
  );
});

test('three weeks outlive the token for Webex, which is refreshed before it ends, and no secret of it is told', async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const administrator = new Administrator(installation);
  const [owner] = installation.facts.users;
  assert.ok(owner);
  const kept = (): { accessToken: string; refreshToken: string; issuedAt: number } =>
    JSON.parse(readFileSync(join(installation.facts.applianceDir, 'data', 'webex-token.json'), 'utf8'));
  const told = `${installation.facts.controlUrl}/webex/token`;
  const { json: tokens } = await installation.call('GET', told);
  assert.equal(kept().refreshToken, tokens.refreshToken);
  const order = JSON.stringify({ accessEndsInS: 14 * 86_400 });
  await installation.call('PUT', told, { 'content-type': 'application/json' }, order);
  for (let week = 0; week < 3; week += 1) {
    const { issuedAt } = kept();
    await installation.control('/clock', { jumpMs: 7 * DAY_MS });
    await installation.until(() => kept().issuedAt > issuedAt);
  }
  const outlook = await Outlook.signIn(installation);
  const id = await outlook.book(owner, { subject: 'After three weeks', inHours: 21 * 24 + 5 });
  const delivered = () =>
    administrator.rows('SELECT 1 FROM meetings WHERE event_id = ? AND delivered_version = version', id)
      .length > 0;
  await installation.until(delivered);
  const log = readFileSync(join(installation.directory, 'appliance', 'appliance.log'), 'utf8');
  for (const secret of [kept().accessToken, tokens.refreshToken, tokens.clientSecret])
    assert.ok(![log, ...installation.output].some((text) => text.includes(secret)));
});
