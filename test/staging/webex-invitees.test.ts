import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { RunningCloud } from './running-cloud.ts';
import { WebexCalls } from './webex-calls.ts';

const HOUR = 3_600_000;
const PATH = '/v1/meetingInvitees';
/** Of a meeting that nobody has. */
const UNKNOWN = 'f'.repeat(32);

let cloud: RunningCloud;
let admin: WebexCalls;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  cloud = await RunningCloud.start();
  [astrid, bruno] = cloud.context.directory.people;
  admin = new WebexCalls(cloud, cloud.context.directory.serviceApp.token);
});
after(() => cloud.stop());

const mails = async () => (await cloud.call('GET', '/control/webex/mails')).json.mails.length;
const host = () => `hostEmail=${astrid?.address}`;
const guests = (count: number) => Array.from({ length: count }, (_, n) => `g${n + 10}@other.example`);

async function meeting(): Promise<string> {
  const start = cloud.context.clock.now() + HOUR;
  const [from, to] = [start, start + HOUR].map((ms) => new Date(ms).toISOString());
  const body = { title: 'Meeting', start: from, end: to, hostEmail: astrid?.address, sendEmail: false };
  return (await admin.call('POST', '/v1/meetings', body)).json.id;
}

async function insert(meetingId: string, emails: readonly string[], more: object = { sendEmail: false }) {
  const items = emails.map((email) => ({ email, ...more }));
  return await admin.call('POST', `${PATH}/bulkInsert`, { meetingId, hostEmail: astrid?.address, items });
}

test('lists invitees by address, ten at a time when nobody says', async () => {
  const id = await meeting();
  assert.equal((await insert(id, guests(23).toReversed())).status, 200);
  const query = `${PATH}?meetingId=${id}&${host()}`;
  assert.equal((await admin.get(query)).json.items.length, 10);
  const emails = (await admin.items(query)).map(({ email }) => email);
  assert.deepEqual(emails, guests(23));
  const [first] = (await admin.get(`${query}&max=1`)).json.items;
  assert.match(first.id, new RegExp(`^${id}_\\d+$`));
  assert.deepEqual([first.meetingId, first.displayName, first.coHost], [id, 'g10@other.example', false]);
});

test('refuses a list with somebody who is invited already, as a whole', async () => {
  const id = await meeting();
  await insert(id, ['a@other.example']);
  assert.equal((await insert(id, ['b@other.example', 'A@other.example'])).status, 409);
  assert.equal((await admin.get(`${PATH}?meetingId=${id}&${host()}`)).json.items.length, 1);
});

test('refuses more than a hundred, what is no address, and the meetings of others', async () => {
  const id = await meeting();
  assert.equal((await insert(id, guests(101))).status, 400);
  assert.equal((await insert(id, ['nobody'])).status, 400);
  assert.equal((await insert(id, ['a@other.example'], { shoeSize: 42 })).status, 400);
  assert.equal((await insert(UNKNOWN, ['a@other.example'])).status, 404);
  assert.equal((await admin.get(`${PATH}?${host()}`)).status, 400);
  assert.equal((await admin.get(`${PATH}?meetingId=${id}&hostEmail=${bruno?.address}`)).status, 404);
});

test('writes to whom is invited unless it is told not to, and takes them out silently', async () => {
  const id = await meeting();
  const before = await mails();
  const answer = await insert(id, ['a@other.example'], {});
  assert.equal((await mails()) - before, 1);
  const [one] = answer.json.items;
  assert.equal((await admin.call('DELETE', `${PATH}/${one.id}?${host()}`)).status, 204);
  assert.equal((await admin.call('DELETE', `${PATH}/${one.id}?${host()}`)).status, 404);
  assert.equal((await mails()) - before, 1);
});
