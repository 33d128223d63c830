import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrame } from '../../src/webex/frame.ts';

const read = (frame: unknown) => readFrame(JSON.stringify(frame));

test('reads events, pings and pongs, and takes everything else for unknown', () => {
  const ready = { id: 'a', data: { eventType: 'mercury.registration_status' } };
  assert.deepEqual(read(ready), { kind: 'event', id: 'a', ready: true, kmsMessages: [] });
  const encryption = { kmsMessages: ['one'] };
  const kms = { id: 'b', data: { eventType: 'encryption.kms_message', encryption } };
  assert.deepEqual(read(kms), { kind: 'event', id: 'b', ready: false, kmsMessages: ['one'] });
  assert.deepEqual(read({ id: 'p', type: 'ping' }), { kind: 'ping', id: 'p' });
  assert.deepEqual(read({ id: 'p', type: 'pong' }), { kind: 'pong', id: 'p' });
  for (const other of [null, 1, 'x', [], {}, { id: 1 }, { data: 'x' }, { data: { eventType: 1 } }])
    assert.deepEqual(read(other), { kind: 'unknown' }, JSON.stringify(other));
  assert.deepEqual(readFrame('no json'), { kind: 'unknown' });
});

test('headers stand in place of members of the data', () => {
  const frame = {
    id: 'a',
    data: { eventType: 'other', encryption: { kmsMessages: ['old'], more: 1 } },
    headers: { eventType: 'encryption.kms_message', 'encryption.kmsMessages': ['new'] },
  };
  assert.deepEqual(read(frame), { kind: 'event', id: 'a', ready: false, kmsMessages: ['new'] });
  const made = { id: 'a', data: {}, headers: { eventType: 'mercury.buffer_state' } };
  assert.deepEqual(read(made), { kind: 'event', id: 'a', ready: true, kmsMessages: [] });
});

test('headers reach no further than the data', () => {
  const headers = { '__proto__.polluted': true, 'constructor.prototype.polluted': true };
  const frame = `{"id":"a","data":{"eventType":"x"},"headers":${JSON.stringify(headers)}}`;
  assert.deepEqual(readFrame(frame), { kind: 'event', id: 'a', ready: false, kmsMessages: [] });
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});
