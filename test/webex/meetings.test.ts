import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { MeetingRequest, WebexMeetings } from '../../src/domain/scheduling-ports.ts';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { openWebexMeetings } from '../../src/webex/meetings.ts';
import { SimulatedWebex } from './simulated-webex.ts';
import { makeWebexRig } from './webex-rig.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let webex: SimulatedWebex;
let meetings: WebexMeetings;
let [astrid, bruno]: readonly Person[] = [];

before(async () => {
  webex = await SimulatedWebex.start();
  meetings = openWebexMeetings(webex.deps);
  [astrid, bruno] = webex.cloud.context.directory.people;
});
after(async () => {
  const flaws = webex.flaws();
  await webex[Symbol.asyncDispose]();
  assert.deepEqual(flaws ?? [], [], 'every request is as Webex describes it');
});
afterEach(async () => {
  await webex.control('DELETE', 'faults');
  await webex.control('PUT', 'scheduling', {});
  for (const { id } of (await webex.control('GET', 'meetings')).meetings)
    await webex.control('DELETE', `meetings/${id}`);
});

const host = () => astrid?.address ?? '';
const held = async () => (await webex.control('GET', 'meetings')).meetings;
const start = (days: number) => Math.ceil(webex.cloud.context.clock.now() / HOUR) * HOUR + days * DAY;

function request(more: Partial<MeetingRequest> = {}): MeetingRequest {
  const startAt = more.startAt ?? start(1);
  return {
    tag: 'tag-1',
    hostAddress: host(),
    spaceId: null,
    title: 'Meeting',
    invitees: [],
    startAt,
    endAt: startAt + HOUR,
    zone: 'Europe/Stockholm',
    rule: null,
    ...more,
  };
}

async function made(more: Partial<MeetingRequest> = {}) {
  const outcome = await meetings.create(request(more));
  assert.ok(outcome.kind === 'made' || outcome.kind === 'found', outcome.kind);
  return outcome.meeting;
}

function reasonOf(thrown: unknown): string {
  assert.ok(thrown instanceof AppError);
  return `${thrown.reason} ${thrown.scope}`;
}

test('makes a meeting for its host with all that one joins by, and nobody gets a mail', async () => {
  const meeting = await made({ invitees: [bruno?.address ?? ''], rule: 'FREQ=DAILY;COUNT=3' });
  const [one] = await held();
  assert.deepEqual(meeting, {
    id: one.id,
    url: `https://nordwind.webex.com/nordwind/j.php?MTID=${one.linkId}`,
    sip: `${one.meetingNumber}@nordwind.webex.com`,
    meetingNumber: one.meetingNumber,
    password: one.password,
    numericPassword: one.numericPassword,
    phone: {
      accessCode: one.meetingNumber,
      numbers: [{ label: 'Germany Toll', number: '+49-30-23125000' }],
    },
  });
  assert.equal(one.hostUserId, astrid?.webexUserId);
  assert.equal(one.start, start(1));
  assert.deepEqual([one.recurrence, one.timezone], ['FREQ=DAILY;COUNT=3', 'Europe/Stockholm']);
  assert.deepEqual(one.invitees, [{ email: bruno?.address }]);
  assert.deepEqual((await webex.control('GET', 'mails')).mails, []);
});

test('makes no second meeting for a tag, however far the first one was moved', async () => {
  const { id } = await made();
  await meetings.change(id, request({ startAt: start(700) }));
  const again = await meetings.create(request());
  assert.equal(again.kind, 'found');
  assert.equal('meeting' in again ? again.meeting.id : null, id);
  assert.equal((await held()).length, 1);
});

test('finds at once the meeting whose answer was lost', async () => {
  for (const [tag, lost] of [
    ['lost-1', { reset: true, when: 'after' }],
    ['lost-2', { status: 502, when: 'after' }],
  ] as const) {
    await webex.fault('POST', '/meetings', lost);
    const outcome = await meetings.create(request({ tag }));
    assert.equal(outcome.kind, 'found', tag);
  }
  assert.equal((await held()).length, 2);
});

test('finds with the next try the meeting that it could not look for at once', async () => {
  await webex.fault('POST', '/meetings', { reset: true, when: 'after' });
  // The look before goes well; the one after the lost answer does not.
  await webex.fault('GET', '/meetings', { status: 503, skip: 1 });
  const expected = (thrown: unknown) => reasonOf(thrown) === 'WEBEX_UNREACHABLE upstream';
  await assert.rejects(meetings.create(request()), expected);
  const outcome = await meetings.create(request());
  assert.equal(outcome.kind, 'found');
  assert.equal((await held()).length, 1);
});

test('throws what went wrong when no meeting was made', async () => {
  await webex.fault('POST', '/meetings', { status: 503 });
  const expected = (thrown: unknown) => reasonOf(thrown) === 'WEBEX_UNREACHABLE upstream';
  await assert.rejects(meetings.create(request()), expected);
  assert.deepEqual(await held(), []);
});

test('leaves one of the meetings that were made while the list lagged behind', async () => {
  await webex.control('PUT', 'scheduling', { listLagMs: DAY });
  const ids = [(await made()).id, (await made()).id, (await made()).id].toSorted();
  await webex.control('PUT', 'scheduling', {});
  const outcome = await meetings.create(request());
  assert.equal('meeting' in outcome ? outcome.meeting.id : null, ids[0]);
  assert.deepEqual(
    (await held()).map(({ id }: { id: string }) => id),
    [ids[0]],
  );
});

test('gives a meeting all that is asked, and takes its recurrence away', async () => {
  const { id } = await made({ rule: 'FREQ=WEEKLY;BYDAY=MO' });
  const outcome = await meetings.change(id, request({ startAt: start(3), title: 'New' }));
  assert.equal(outcome.kind, 'changed');
  const [one] = await held();
  assert.deepEqual([one.title, one.start, one.recurrence], ['New', start(3), null]);
  assert.deepEqual((await webex.control('GET', 'mails')).mails, []);
});

test('tells when a meeting is gone, and deletes it as often as it is told', async () => {
  const { id } = await made();
  assert.equal((await meetings.get(id, host()))?.id, id);
  await meetings.delete(id, host());
  await meetings.delete(id, host());
  assert.equal(await meetings.get(id, host()), null);
  assert.deepEqual(await meetings.change(id, request()), { kind: 'gone' });
  assert.deepEqual((await webex.control('GET', 'mails')).mails, []);
});

test('tells when Webex refuses to delete', async () => {
  const { id } = await made();
  await webex.fault('DELETE', '/meetings', { status: 403 });
  assert.equal(await meetings.delete(id, host()), 'refused');
  assert.equal(await meetings.delete(id, host()), 'deleted');
});

test('invites people later and takes them out again, without a mail, however many they are', async () => {
  const { id } = await made({ invitees: ['first@nordwind.example'] });
  const many = Array.from({ length: 150 }, (_, n) => `guest-${String(n).padStart(3, '0')}@other.example`);
  assert.deepEqual(await meetings.invite(id, host(), many), []);
  const there = await meetings.invitees(id, host());
  assert.deepEqual(
    there.map(({ email }) => email),
    ['first@nordwind.example', ...many],
  );
  for (const one of there.slice(2)) await meetings.uninvite(one.id, host());
  await meetings.uninvite(there[2]?.id ?? '', host());
  const left = (await held())[0].invitees.map(({ email }: { email: string }) => email);
  assert.deepEqual(left, ['first@nordwind.example', many[0]]);
  assert.deepEqual((await webex.control('GET', 'mails')).mails, []);
});

test('one who is invited already or whom Webex does not take keeps nobody else out', async () => {
  const { id } = await made({ invitees: ['first@nordwind.example'] });
  const people = ['First@nordwind.example', 'no address', 'second@nordwind.example'];
  assert.deepEqual(await meetings.invite(id, host(), people), ['no address']);
  const left = (await held())[0].invitees.map(({ email }: { email: string }) => email);
  assert.deepEqual(left, ['first@nordwind.example', 'second@nordwind.example']);
  assert.deepEqual(await meetings.invitees('gone', host()), []);
  assert.deepEqual(await meetings.invite('gone', host(), ['a@b.example']), ['a@b.example']);
});

test('moves one occurrence, cancels another and leaves the rest of the series alone, without a mail', async () => {
  const { id } = await made({ rule: 'FREQ=DAILY;COUNT=3' });
  const [second, third] = [start(2), start(3)];
  const span = { startAt: second + HOUR, endAt: second + 2 * HOUR };
  assert.equal(await meetings.carry(id, { originalStartAt: second, span }, host()), 'carried');
  assert.equal(await meetings.carry(id, { originalStartAt: third, span: null }, host()), 'carried');
  const [one] = await held();
  assert.deepEqual(Object.values(one.exceptions), [
    { start: span.startAt, end: span.endAt, title: 'Meeting' },
    null,
  ]);
  assert.deepEqual((await webex.control('GET', 'mails')).mails, []);
  for (const gone of [null, span])
    assert.equal(await meetings.carry(id, { originalStartAt: third, span: gone }, host()), 'carried');
});

test('tells when Webex does not take that an occurrence is moved or cancelled', async () => {
  const { id } = await made({ rule: 'FREQ=DAILY;COUNT=3' });
  const originalStartAt = start(2);
  await webex.fault('DELETE', '/meetings', { status: 403 });
  assert.equal(await meetings.carry(id, { originalStartAt, span: null }, host()), 'refused');
  const span = { startAt: start(-2), endAt: start(-1) };
  assert.equal(await meetings.carry(id, { originalStartAt, span }, host()), 'refused');
});

test('looks a number up again: somebody else’s meeting under it is not the host’s', async () => {
  const { id, meetingNumber } = await made();
  assert.equal((await meetings.atNumber(meetingNumber ?? '', host()))?.id, id);
  await webex.control('DELETE', `meetings/${id}?recycle=true`);
  assert.equal(await meetings.atNumber(meetingNumber ?? '', host()), null);
  const theirs = await meetings.atNumber(meetingNumber ?? '', bruno?.address ?? '');
  assert.deepEqual([theirs?.meetingNumber, theirs?.id === id], [meetingNumber, false]);
});

test('takes it as a value that no more meetings are made in a day, and asks no more by itself', async () => {
  await webex.control('PUT', 'scheduling', { perHost: 0 });
  const posts = () => webex.requests().filter(({ method }) => method === 'POST').length;
  const before = posts();
  const outcome = await meetings.create(request());
  assert.equal(outcome.kind, 'limit-reached');
  const wait = 'until' in outcome ? outcome.until - webex.cloud.context.clock.now() : 0;
  assert.ok(wait > 23 * HOUR && wait <= DAY + HOUR, `${wait} ms`);
  assert.equal(posts() - before, 1);
});

test('an ordinary request to slow down holds up all of Webex for as long as it says', async () => {
  await webex.fault('POST', '/meetings', { status: 429, retryAfter: '7' });
  await assert.rejects(meetings.create(request()), (thrown) => {
    assert.equal(reasonOf(thrown), 'WEBEX_THROTTLED upstream');
    return thrown instanceof AppError && thrown.retryAfterMs === 7_000;
  });
  await webex.fault('PATCH', '/meetings', { status: 423, retryAfter: '3' });
  const { id } = await made();
  await assert.rejects(meetings.change(id, request()), (thrown) => {
    assert.equal(reasonOf(thrown), 'WEBEX_LOCKED job');
    return thrown instanceof AppError && thrown.retryAfterMs === 3_000;
  });
});

test('what Webex refuses for one host or one meeting is a value', async () => {
  const stranger = await meetings.create(request({ hostAddress: 'nobody@nordwind.example' }));
  assert.deepEqual(stranger, { kind: 'host-refused' });
  const past = await meetings.create(request({ startAt: start(-2) }));
  assert.deepEqual(past, { kind: 'meeting-refused' });
  await webex.fault('POST', '/meetings', { status: 403 });
  assert.deepEqual(await meetings.create(request()), { kind: 'host-refused' });
});

test('keeps the tracking id of an error and nothing else of it', async () => {
  await using rig = await makeWebexRig(() => ({
    status: 500,
    json: { message: 'Secret plans', trackingId: 'ROUTER_1-2.3' },
  }));
  const foreign = openWebexMeetings({ ...rig.rest, apiUrl: rig.origin });
  await assert.rejects(foreign.get('x', 'a@b.example'), (thrown) => {
    assert.ok(thrown instanceof AppError);
    assert.equal(thrown.trackingId, 'ROUTER_1-2.3');
    return !JSON.stringify([thrown, thrown.message, thrown.stack]).includes('Secret');
  });
  rig.answer = () => ({ status: 500, json: { trackingId: 'Secret plans of ann@b.example' } });
  await assert.rejects(foreign.get('x', 'a@b.example'), (thrown) => {
    return thrown instanceof AppError && thrown.trackingId === undefined;
  });
});

test('refuses an answer that is no meeting', async () => {
  await using rig = await makeWebexRig(() => ({ json: { id: 'x', webLink: 'http://plain.example' } }));
  const foreign = openWebexMeetings({ ...rig.rest, apiUrl: rig.origin });
  const expected = (thrown: unknown) => reasonOf(thrown) === 'WEBEX_UNEXPECTED_ANSWER job';
  await assert.rejects(foreign.get('x', 'a@b.example'), expected);
});
