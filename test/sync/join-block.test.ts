import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, book, patch, read } from '../staging/graph-calendar.ts';
import { ConnectedRig } from './connected-rig.ts';
import { tomorrow } from './future-event.ts';

const PATCHES = /^PATCH .*\/events\//;
/** In the language of her mailbox; lines may be folded at any space. */
const BLOCK = /Anslut\s+till\s+Webex-mötet/g;
const KEYWORD = { location: { displayName: '@webex' } };

for (const stripClasses of [false, true]) {
  const how = stripClasses ? 'stripped classes' : 'prefixed classes';
  test(`a block is recognised in folded text, behind Safe Links and with ${how} (promise 23)`, async (t) => {
    const rig = await ConnectedRig.start(t);
    const astrid = rig.person(0);
    await rig.watch(astrid);
    const order = { kind: 'rewrite-html', app: 'any', stripClasses };
    assert.equal((await rig.cloud.control('POST', 'misbehaviour', order)).status, 201);
    const event = await book(rig.cloud, astrid, { ...tomorrow(), ...KEYWORD });
    await rig.until(() => rig.calls(PATCHES).length === 1 && rig.webex.listed(astrid.address) === 1);
    await rig.settled();
    const once = (await read(rig.cloud, astrid, event)).body.content;
    assert.match(
      once,
      stripClasses ? /<p style="[^"]*">Webex-möte</ : /<p class="x_join-line-\w+" style="[^"]*">Webex-möte</,
    );
    await patch(rig.cloud, astrid, event, KEYWORD);
    await rig.until(() => rig.calls(PATCHES).length === 2);
    await rig.settled();
    assert.equal((await read(rig.cloud, astrid, event)).body.content.match(BLOCK)?.length, 1);
  });
}

test('an address is found in the folded text of an invitation from elsewhere (promise 23)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const order = { kind: 'rewrite-html', wrapLinks: false };
  assert.equal((await rig.cloud.control('POST', 'misbehaviour', order)).status, 201);
  const link = 'https://nordwind.zoom.us/j/123456789?pwd=abcdefgh';
  const content = `<p>${'Please come to our meeting, '.repeat(5)} at ${link} on time</p>`;
  const event = await book(rig.cloud, astrid, { ...tomorrow(), body: { contentType: 'html', content } });
  await rig.until(() => rig.webex.listed(astrid.address) === 1);
  const seen = await rig.cloud.call('GET', at(astrid, event));
  assert.match(seen.json.body.content, /Please\r\n come/);
  const { id } = await rig.mailbox(astrid);
  const codes = rig.deps.store.read((r) => r.traces(id, event.id)).map(({ code }) => code);
  assert.ok(codes.includes('LISTED') && !codes.includes('NO_JOIN_TARGET'), codes.join(', '));
});

test('a join block that its owner removed stays removed (promise 24)', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const body = { contentType: 'html', content: '<p>Bring numbers</p>' };
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...KEYWORD, body });
  await rig.until(() => rig.calls(PATCHES).length === 1 && rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  assert.match((await read(rig.cloud, astrid, event)).body.content, BLOCK);
  await patch(rig.cloud, astrid, event, { body });
  await rig.settled();
  await patch(rig.cloud, astrid, event, { subject: 'Another word' });
  await rig.settled();
  assert.equal(rig.calls(PATCHES).length, 1);
  assert.doesNotMatch((await read(rig.cloud, astrid, event)).body.content, BLOCK);
});

test('who deletes our address from the location ends the arrangement, and the block goes with one write', async (t) => {
  const rig = await ConnectedRig.start(t);
  const astrid = rig.person(0);
  await rig.watch(astrid);
  const body = { contentType: 'html', content: '<p>Bring numbers</p>' };
  const event = await book(rig.cloud, astrid, { ...tomorrow(), ...KEYWORD, body });
  await rig.until(() => rig.calls(PATCHES).length === 1 && rig.webex.listed(astrid.address) === 1);
  await rig.settled();
  await patch(rig.cloud, astrid, event, { location: { displayName: 'Room 7' } });
  await rig.until(() => rig.calls(PATCHES).length === 2);
  await rig.settled();
  const left = await read(rig.cloud, astrid, event);
  assert.doesNotMatch(left.body.content, BLOCK);
  assert.match(left.body.content, /Bring numbers/);
  assert.equal(left.location.displayName, 'Room 7');
  const { id } = await rig.mailbox(astrid);
  assert.equal(
    rig.deps.store.read((r) => r.arrangement(id, event.id)),
    null,
  );
  await patch(rig.cloud, astrid, event, KEYWORD);
  await rig.until(() => rig.calls(PATCHES).length === 3);
  await rig.settled();
  assert.match((await read(rig.cloud, astrid, event)).body.content, BLOCK);
});
