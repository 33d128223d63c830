import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { graphContract } from '../contract.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { type Answer, type SimulatedCloud, startCloud } from './simulated-cloud.ts';
import { type Subscriber, startSubscriber } from './subscriber.ts';

const contract = graphContract();
const skip = contract === null ? 'the contract is not at hand' : false;
const MARK = 'String {1f6a3b52-9c0d-4e8f-a1b2-c3d4e5f60718} Name WxCal';

let cloud: SimulatedCloud;
let subscriber: Subscriber;

before(async () => {
  const tls = await makeTestTls();
  cloud = await startCloud({ tls });
  subscriber = await startSubscriber(tls);
});
after(async () => {
  await cloud.stop();
  subscriber.stop();
});

test("answers in the shapes of Microsoft's metadata", { skip }, async () => {
  const [astrid, bruno] = cloud.context.directory.people;
  const room = cloud.context.directory.rooms[0];
  const base = `/users/${astrid?.entraId}`;
  const made = valid(
    'eventFull',
    201,
    await cloud.call('POST', `${base}/calendar/events`, { body: fullBody() }),
  );
  const one = `${base}/calendar/events/${encodeURIComponent(made.json.id)}`;
  valid('eventFull', 200, await cloud.call('GET', one));
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${MARK}')`);
  valid('event', 200, await cloud.call('GET', `${one}?$select=subject,start&$expand=${expand}`));
  const headers = { prefer: 'outlook.timezone="Tokyo Standard Time", outlook.body-content-type="text"' };
  valid('eventFull', 200, await cloud.call('GET', one, { headers }));
  const attendees = [bruno, room].map((who) => ({
    emailAddress: { address: who?.address },
    type: 'required',
  }));
  valid(
    'eventFull',
    200,
    await cloud.call('PATCH', one, { body: { attendees, location: { displayName: '@webex' } } }),
  );
  for (const who of [astrid, bruno, room]) {
    const { json } = valid(
      'eventCollection',
      200,
      await cloud.call('GET', `/users/${who?.entraId}/events?$count=true`),
    );
    for (const event of json.value) assert.deepEqual(contract?.validate('eventFull', event), []);
    valid('mailboxSettingsResponse', 200, await cloud.call('GET', `/users/${who?.entraId}/mailboxSettings`));
  }
});

test("grants and notifies in the shapes of Microsoft's metadata", { skip }, async () => {
  const [astrid] = cloud.context.directory.people;
  const expirationDateTime = new Date(cloud.context.clock.now() + 3_600_000).toISOString();
  const body = {
    changeType: 'created,updated,deleted',
    resource: `/users/${astrid?.entraId}/events`,
    notificationUrl: `${subscriber.url}/notify`,
    expirationDateTime,
    clientState: null,
  };
  const made = valid('subscriptionResponse', 201, await cloud.call('POST', '/subscriptions', { body }));
  valid('subscriptionCollection', 200, await cloud.call('GET', '/subscriptions'));
  const path = `/subscriptions/${made.json.id}`;
  valid('subscriptionResponse', 200, await cloud.call('GET', path));
  valid('subscriptionResponse', 200, await cloud.call('PATCH', path, { body: { expirationDateTime } }));
  const event = await cloud.call('POST', `/users/${astrid?.entraId}/events`, { body: fullBody() });
  await cloud.call('DELETE', `/users/${astrid?.entraId}/events/${encodeURIComponent(event.json.id)}`);
  for (const item of await subscriber.items(2))
    assert.deepEqual(contract?.validate('resourceNotification', item), []);
  for (const batch of subscriber.batches)
    assert.deepEqual(contract?.validate('notificationBatch', batch), []);
});

test("refuses in the shape of Microsoft's errors", { skip }, async () => {
  const [astrid] = cloud.context.directory.people;
  const events = `/users/${astrid?.entraId}/events`;
  valid('graphError', 401, await cloud.call('GET', events, { as: null }));
  valid('graphError', 404, await cloud.call('GET', '/users/nobody/events'));
  valid('graphError', 400, await cloud.call('POST', events, { body: '{' }));
  valid('graphError', 501, await cloud.call('GET', `${events}/delta`));
  await cloud.control('POST', 'faults', { status: 503, retryAfter: 1 });
  valid('graphError', 503, await cloud.call('GET', events));
});

function valid(schema: string, status: number, answer: Answer): Answer {
  assert.equal(answer.status, status, JSON.stringify(answer.json));
  assert.deepEqual(contract?.validate(schema, answer.json), [], schema);
  return answer;
}

function fullBody(): object {
  return {
    subject: 'Quarter',
    body: { contentType: 'HTML', content: '<b>Agenda</b>' },
    start: { dateTime: '2026-12-02T12:00', timeZone: 'W. Europe Standard Time' },
    end: { dateTime: '2026-12-02T13:00:00.0000000', timeZone: 'W. Europe Standard Time' },
    locations: [
      { displayName: '@meet' },
      { displayName: 'Room Aurora', uniqueIdType: 'directory', uniqueId: 'aurora' },
    ],
    attendees: [{ emailAddress: { address: 'eve@elsewhere.example' } }],
    isOnlineMeeting: true,
    singleValueExtendedProperties: [{ id: MARK, value: 'v1' }],
  };
}
