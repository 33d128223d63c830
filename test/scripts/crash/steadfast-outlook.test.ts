import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SteadfastOutlook } from '../../../scripts/crash/steadfast-outlook.ts';
import type { Account, Answer } from '../../system/installation.ts';

const OWNER: Account = { address: 'a@b', name: 'A', entraId: 'g', webexUserId: 'u', webexToken: 't' };
const answer = (status: number, json: object | null = null): Answer => ({
  status,
  json,
  text: '',
  headers: {},
});
const DEAD = new Error('connect ECONNREFUSED');

/** Answers in turn; an Error is a service that died. */
function service(...turns: (Answer | Error)[]) {
  const calls: string[] = [];
  const outlook = new SteadfastOutlook({
    graph: async (method, _path, body) => {
      calls.push(body === undefined ? method : `${method} ${JSON.stringify(body)}`);
      const turn = turns.shift();
      if (turn === undefined) throw new assert.AssertionError({ message: 'one call too many' });
      if (turn instanceof Error) throw turn;
      return turn;
    },
  });
  return { calls, outlook };
}

test('repeats a creation with the same bytes until it is answered', async () => {
  const { calls, outlook } = service(DEAD, answer(503), answer(201, { id: 'e' }));
  assert.deepEqual(await outlook.create(OWNER, { transactionId: 'x' }), { id: 'e' });
  assert.deepEqual(calls, Array(3).fill('POST {"transactionId":"x"}'));
});

test('reads again before it repeats a change, and leaves alone what had landed', async () => {
  const landed = (event: { subject: string }) => event.subject === 'New';
  const change = { subject: 'New' };
  const done = service(DEAD, answer(200, { subject: 'New' }));
  await done.outlook.change(OWNER, 'e', change, landed);
  assert.deepEqual(done.calls, ['PATCH {"subject":"New"}', 'GET']);
  const undone = service(DEAD, answer(200, { subject: 'Old' }), answer(200));
  await undone.outlook.change(OWNER, 'e', change, landed);
  assert.deepEqual(undone.calls, ['PATCH {"subject":"New"}', 'GET', 'PATCH {"subject":"New"}']);
});

test('takes a deletion as made when the event is gone', async () => {
  const { calls, outlook } = service(DEAD, answer(404));
  await outlook.delete(OWNER, 'e');
  assert.deepEqual(calls, ['DELETE', 'GET']);
});

test('takes a response as given when the copy shows it', async () => {
  const copy = { responseStatus: { response: 'declined' } };
  const { calls, outlook } = service(DEAD, answer(200, copy));
  await outlook.respond(OWNER, 'e', 'decline', 'declined');
  assert.deepEqual(calls, ['POST {"sendResponse":true}', 'GET']);
});

test('does not take a refusal for a death', async () => {
  const { calls, outlook } = service({ ...answer(404), text: 'ErrorItemNotFound' });
  await assert.rejects(outlook.delete(OWNER, 'e'), /404: ErrorItemNotFound/);
  assert.equal(calls.length, 1);
});
