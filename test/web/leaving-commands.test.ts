import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { addLeavingCommands } from '../../src/web/leaving-commands.ts';
import { leavingAnswers } from './leaving-answers.ts';
import { PASSWORD } from './web-rig.ts';

const ADA = 'ada@nordwind.example';

function commands() {
  const acts: string[] = [];
  const app = new Hono();
  addLeavingCommands(app, leavingAnswers(acts));
  const post = (path: string, body: object) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask = (more: object) =>
    post('/mailboxes/export', { address: ADA, name: 'ops', password: PASSWORD, ...more });
  return { acts, post, ask };
}

test('what is held is given to an administrator who signs in for it, in his name', async () => {
  const { acts, ask } = commands();
  const answer = await ask({});
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /"subject":"Budget"/);
  assert.equal((await ask({ address: 'eve@nordwind.example' })).status, 404);
  assert.deepEqual(acts, ['export ops', 'export ops']);
});

test('a wrong password and an unknown name look the same, and nothing is opened', async () => {
  const { acts, ask } = commands();
  const [wrong, unknown] = [await ask({ password: 'wrong' }), await ask({ name: 'eve' })];
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.equal(await wrong.text(), await unknown.text());
  assert.deepEqual(acts, ['failure ops', 'failure null']);
});

test('guessing is limited', async () => {
  const { acts, ask } = commands();
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) statuses.push((await ask({ password: `guess ${n}` })).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
  assert.equal((await ask({})).status, 429, 'the right one too');
  assert.equal(acts.at(-1), 'limited ops');
});

test('forgetting tells what others hold, and says when there is no such mailbox', async () => {
  const { post } = commands();
  const answer = await post('/mailboxes/forget', { address: 'ADA@nordwind.example' });
  assert.equal(answer.status, 202);
  assert.deepEqual(await answer.json(), { others: { mailboxes: 3, meetings: 41 } });
  assert.equal((await post('/mailboxes/forget', { address: 'eve@nordwind.example' })).status, 404);
  assert.equal((await post('/mailboxes/forget', { address: 'nobody' })).status, 400);
});
