import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { Person, Room } from '../../src/staging/cloud/directory.ts';
import { storedHtml } from '../../src/staging/cloud/graph/html-body.ts';
import { makeTestTls, type TestTls } from '../net/test-certificate.ts';
import {
  at,
  book,
  copyOf,
  events,
  guest,
  instance,
  instances,
  MONDAYS,
  patch,
  read,
} from './graph-calendar.ts';
import { type SimulatedCloud, startCloud } from './simulated-cloud.ts';

const RICH = [
  '<style>.box {color:red} @media print {.box {color:black}} #top {margin:0}</style>',
  '<div class="box wide" id="top" style="width:1px;color:#0a0B0c;background:url(data:a;b)">',
  'A text that is certainly long enough to be folded somewhere in its middle, &amp; more &lt;of it&gt;</div>',
  '<p><a href="https://example.com/?a=1&amp;b=2" class="link">Join here</a> <a href="#top">up</a> <a href="sip:a@b">sip</a></p>',
].join('\n');

let tls: TestTls;
let cloud: SimulatedCloud;
let astrid: Person;
let room: Room;

before(async () => {
  tls = await makeTestTls();
});
beforeEach(async () => {
  cloud = await startCloud({ tls, https: true });
  [astrid] = cloud.context.directory.people as [Person];
  [room] = cloud.context.directory.rooms as [Room];
});
afterEach(async () => await cloud.stop());

test('lets reads lag behind a change for a while: older, or not there yet', async () => {
  await order({ kind: 'stale-read', lagMs: 60_000 });
  const made = await book(cloud, astrid, { subject: 'old' });
  const seen = async (id = made.id): Promise<string> => {
    const { json } = await cloud.call('GET', at(astrid, { id }));
    return json.subject ?? json.error.code;
  };
  assert.equal(await seen(), 'ErrorItemNotFound');
  assert.deepEqual((await cloud.call('GET', events(astrid))).json.value, []);
  const as = cloud.context.directory.outlook;
  assert.equal((await cloud.call('GET', at(astrid, made), { as })).json.subject, 'old');
  cloud.context.clock.steer({ jumpMs: 61_000 });
  assert.equal(await seen(), 'old');
  await patch(cloud, astrid, made, { subject: 'newer' });
  await patch(cloud, astrid, made, { subject: 'newest' });
  assert.equal(await seen(), 'old');
  cloud.context.clock.steer({ jumpMs: 61_000 });
  assert.equal(await seen(), 'newest');
  await cloud.call('DELETE', at(astrid, made));
  assert.equal(await seen(), 'newest');
  cloud.context.clock.steer({ jumpMs: 61_000 });
  assert.equal(await seen(), 'ErrorItemNotFound');
});

test('lets occurrences lag with their series, but never a write', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  const second = await instance(cloud, astrid, master, 1);
  await order({ kind: 'stale-read', lagMs: 60_000, times: 1 });
  const patched = await patch(cloud, astrid, second, { subject: 'Special' });
  assert.equal(patched.subject, 'Special');
  assert.equal((await read(cloud, astrid, second)).subject, 'Weekly');
  assert.ok((await instances(cloud, astrid, master)).every(({ type }) => type === 'occurrence'));
  const headers = { 'if-match': patched['@odata.etag'] };
  const body = { subject: 'More special' };
  assert.equal((await cloud.call('PATCH', at(astrid, second), { body, headers })).status, 200);
});

test('rewrites bodies on reading, each in the same way every time, and stores what is written', async () => {
  const made = await book(cloud, astrid, { body: { contentType: 'html', content: RICH } });
  await order({ kind: 'rewrite-html' });
  const { content } = (await read(cloud, astrid, made)).body;
  assert.equal((await read(cloud, astrid, made)).body.content, content);
  assert.match(content, /class="x_box x_wide" id="x_top"/);
  assert.match(content, /\.x_box \{color:red\} @media print \{\.x_box \{/);
  assert.match(content, /style="background:url\(data:a;b\); color:rgb\(10,11,12\); width:1px"/);
  assert.match(content, />Join\r\n here<\/a>/);
  assert.match(
    content,
    /href="https:\/\/eur01\.safelinks\.protection\.outlook\.com\/\?url=https%3A%2F%2Fexample\.com%2F%3Fa%3D1%26b%3D2&amp;data=/,
  );
  assert.match(content, /href="#x_top".*href="sip:a@b"/);
  assert.ok(!/(?<!\r)\n/.test(content));
  const as = cloud.context.directory.outlook;
  assert.equal((await cloud.call('GET', at(astrid, made), { as })).json.body.content, storedHtml(RICH));
  await cloud.control('DELETE', 'misbehaviour');
  await patch(cloud, astrid, made, { body: { contentType: 'html', content } });
  assert.match((await read(cloud, astrid, made)).body.content, /class="x_box x_wide"/);
});

test('strips classes and leaves the rest on request', async () => {
  const made = await book(cloud, astrid, { body: { contentType: 'html', content: RICH } });
  const nothing = { foldLines: false, prefixNames: false, wrapLinks: false, reorderStyles: false };
  await order({ kind: 'rewrite-html', ...nothing, stripClasses: true });
  const { content } = (await read(cloud, astrid, made)).body;
  assert.ok(!content.includes('class='));
  const tidy = (html: string): string => html.replaceAll(/ class="[^"]*"|\s+/g, '');
  assert.equal(tidy(content), tidy(storedHtml(RICH)));
});

test('lets rooms drop body, subject and privacy as real ones do by default', async () => {
  const attendees = [{ ...guest(room.address), type: 'resource' }];
  const body = { contentType: 'text', content: 'Agenda @webex' };
  const private_ = {
    subject: 'Plan',
    sensitivity: 'private',
    body,
    attendees,
    location: { displayName: '@webex' },
  };
  const before = await copyOf(cloud, room as Person & Room, await book(cloud, astrid, private_));
  assert.deepEqual([before.subject, before.sensitivity], ['Plan', 'private']);
  await cloud.control('PUT', 'room', {});
  const made = await book(cloud, astrid, private_);
  const copy = await copyOf(cloud, room as Person & Room, made);
  assert.deepEqual(
    [copy.subject, copy.bodyPreview, copy.sensitivity, copy.location.displayName],
    ['Astrid Lindqvist', '', 'normal', '@webex'],
  );
  await patch(cloud, astrid, made, { subject: 'Better plan' });
  assert.equal((await read(cloud, room as Person & Room, copy)).subject, 'Astrid Lindqvist');
  await cloud.control('PUT', 'room', { mailbox: room.address, deleteSubject: false, deleteComments: false });
  await patch(cloud, astrid, made, { subject: 'Best plan' });
  const kept = await read(cloud, room as Person & Room, copy);
  assert.deepEqual([kept.subject, kept.bodyPreview], ['Astrid Lindqvist Best plan', 'Agenda @webex']);
});

test('lists exceptions among the events on request', async () => {
  const master = await book(cloud, astrid, MONDAYS);
  await patch(cloud, astrid, await instance(cloud, astrid, master, 1), { subject: 'Special' });
  const types = async (): Promise<string[]> =>
    (await cloud.call('GET', events(astrid))).json.value.map(({ type }) => type);
  assert.deepEqual(await types(), ['seriesMaster']);
  await order({ kind: 'list-exceptions' });
  assert.deepEqual(await types(), ['seriesMaster', 'exception']);
});

async function order(misbehaviour: object): Promise<void> {
  assert.equal((await cloud.control('POST', 'misbehaviour', misbehaviour)).status, 201);
}
