import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { graphContract } from '../contract.ts';
import { Installation } from '../system/installation.ts';
import { Outlook } from '../system/outlook.ts';
import { WebexApp } from '../system/webex-app.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const OPERATION = /`((?:GET|POST|PATCH|DELETE) [^`]+)`/g;

/** The operations of README's table; `called` are those that a whole run makes use of. */
function tabled(): { all: Set<string>; called: Set<string> } {
  const section = README.slice(README.indexOf('## What it asks of Microsoft'));
  const rows = section
    .slice(0, section.indexOf('\n## ', 1))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = (row: string): string[] =>
    [...row.matchAll(OPERATION)].map((match) => (match[1] ?? '').replace('…', '/users/{id}'));
  const called = rows.filter((row) => !row.includes('not called yet'));
  return { all: new Set(rows.flatMap(named)), called: new Set(called.flatMap(named)) };
}

test('the appliance asks Graph for what stands in README’s table, all of it and nothing else', async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const outlook = await Outlook.signIn(installation);
  const [astrid, bruno] = installation.facts.users;
  assert.ok(astrid !== undefined && bruno !== undefined);
  const asked = async (): Promise<Set<string>> => {
    const { json } = await installation.call('GET', `${installation.facts.controlUrl}/graph/operations`);
    const rows: { app: string; method: string; path: string }[] = json;
    const own = rows.filter(({ app }) => app === 'appliance');
    return new Set(own.map(({ method, path }) => `${method} ${path}`));
  };

  await outlook.book(astrid, { subject: 'Once', attendees: [bruno] });
  await bookDaily(outlook, astrid.entraId);
  const app = new WebexApp(installation, astrid);
  await installation.until(async () => (await app.list()).length === 4);
  // Renews its subscriptions at the start.
  await installation.restartAppliance();
  const config = join(installation.facts.applianceDir, 'appliance.config.toml');
  await Installation.run('mailbox', 'remove', bruno.address, '--config', config);
  const { all, called } = tabled();
  await installation.until(async () => called.isSubsetOf(await asked()));
  assert.deepEqual([...(await asked()).difference(all)], []);
});

test('every operation of the table needs no more than the two granted permissions', (t) => {
  const contract = graphContract();
  if (contract === null) {
    t.skip('the contract is not at hand');
    return;
  }
  const granted = new Map(
    contract.operations.map(({ method, path, permission }) => [
      `${method} ${path.replace(/\{\w+\}/g, '{id}')}`,
      permission,
    ]),
  );
  const { all } = tabled();
  assert.ok(all.size > 15);
  for (const operation of all)
    assert.match(
      granted.get(operation) ?? `${operation} is not in the contract`,
      /^((Calendars|MailboxSettings)\.Read(Write)?|that of each inner request)$/,
    );
});

async function bookDaily(outlook: Outlook, entraId: string): Promise<void> {
  const from = Date.now() + 86_400_000;
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString().slice(0, 19), timeZone: 'UTC' });
  const startDate = at(from).dateTime.slice(0, 10);
  const answer = await outlook.graph('POST', `/users/${entraId}/calendar/events`, {
    subject: 'Daily',
    start: at(from),
    end: at(from + 3_600_000),
    recurrence: {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate, numberOfOccurrences: 3 },
    },
  });
  assert.equal(answer.status, 201, answer.text);
}
