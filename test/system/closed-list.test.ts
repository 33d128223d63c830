import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaksIn, usedFields, type WireRow } from './closed-list.ts';
import { contains } from './secret-search.ts';

const ADA = 'ada@nordwind.example';
const row = (more: Partial<WireRow>): string =>
  JSON.stringify({ method: 'GET', path: '/v1/people', headers: {}, body: '', ...more });
const isLeak = (more: Partial<WireRow>): boolean =>
  leaksIn([row(more)], [ADA], 'webex-wire.jsonl').length > 0;

test('a secret is found in every form that a program would give it', () => {
  const secret = 'Smörgås "Budget" 2027';
  for (const text of [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    Buffer.from(`ab${secret}cd`).toString('base64'),
    Buffer.from(`a${secret}`).toString('base64url'),
  ])
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')])
      assert.ok(contains(Buffer.concat([Buffer.alloc(3), bytes]), secret), text);
  assert.ok(!contains(Buffer.from('Smörgås "Budget" 2026'), secret));
});

test('the closed list lets a field out of its own call, and nothing else beside it', () => {
  const email = encodeURIComponent(ADA);
  assert.equal(isLeak({ path: `/v1/people?email=${email}` }), false);
  assert.equal(isLeak({ path: `/v1/people?email=${email}&displayName=${email}` }), true);
  assert.equal(isLeak({ path: `/v1/rooms?email=${email}` }), true);
  assert.equal(isLeak({ path: `/v1/people?email=${email}`, method: 'DELETE' }), true);
  assert.equal(isLeak({ path: `/v1/people?email=${email}`, headers: { 'x-note': ADA } }), true);
  assert.equal(isLeak({ path: `/calendar/ingest/v1/people?email=${email}` }), true);
});

test('towards Microsoft the address may stand in one path, and the invitation in two members of one body', () => {
  const asksFor = (path: string, method = 'GET', body = '') =>
    leaksIn([row({ path: `/v1.0${path}`, method, body })], [ADA], 'graph-wire.jsonl').length > 0;
  assert.equal(asksFor(`/users/${ADA}/mailboxSettings`), false);
  assert.equal(asksFor(`/users/${ADA}/mailboxSettings?$select=${ADA}`), true);
  assert.equal(asksFor(`/users/${ADA}/mailboxSettings/language`), true);
  assert.equal(asksFor(`/users/${ADA}/events/1`), true);
  assert.equal(asksFor('/$batch', 'POST', JSON.stringify({ requests: [{ url: `/users/${ADA}` }] })), true);
  const patch = (body: object, path = '/users/1/calendar/events/2') =>
    asksFor(path, 'PATCH', JSON.stringify(body));
  assert.equal(patch({ body: { content: ADA }, locations: [{ displayName: ADA }] }), false);
  assert.equal(patch({ subject: ADA }), true);
  assert.equal(patch({ body: { content: ADA } }, '/users/1/mailboxSettings'), true);
  assert.equal(patch({ body: { content: ADA } }, `/users/${ADA}/calendar/events/2`), true);
});

test('it is told which fields of the list were made use of', () => {
  const lines = [
    row({ method: 'POST', path: '/v1/meetings', body: JSON.stringify({ hostEmail: ADA }) }),
    row({ path: `/v1/people?email=x&name=${ADA}` }),
  ];
  assert.deepEqual([...usedFields(lines, [ADA], 'webex-wire.jsonl')], ['POST /meetings hostEmail']);
  const body = JSON.stringify({ body: ADA, locations: [ADA] });
  const patch = row({ method: 'PATCH', path: '/v1.0/users/1/calendar/events/2', body });
  assert.equal(usedFields([patch], [ADA], 'graph-wire.jsonl').size, 2);
});

test('in a body only the members that the list names may hold it, and only those without a switch', () => {
  const post = (body: object, path = '/v1/meetings', method = 'POST') =>
    isLeak({ method, path, body: JSON.stringify(body) });
  assert.equal(post({ hostEmail: ADA, title: 'Meeting' }), false);
  assert.equal(post({ hostEmail: 'x', title: ADA }), true);
  assert.equal(post({ hostEmail: ADA, invitees: [{ email: ADA }] }), true);
  assert.equal(post({ hostEmail: ADA }, '/v1/meetings/abc', 'PATCH'), false);
  assert.equal(post({ hostEmail: ADA }, '/v1/meetings/abc/invitees', 'PATCH'), true);
});
