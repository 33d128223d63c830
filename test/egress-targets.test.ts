import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSwitchedOn, originsOf, targetsOf } from '../src/appliance-egress.ts';
import { CLEAR_FIELDS, type ClearSwitch } from '../src/domain/clear-fields.ts';
import { DESTINATIONS, egressHosts } from '../src/domain/egress.ts';
import { CONFIG_KEYS } from '../src/ops/config-schema.ts';
import { configOf, GOOD } from './ops/config-sample.ts';

const FULL = `${GOOD}wdm_url = "https://wdm.example.com/wdm/api/v1"
event_url = "https://mercury.example.com"
api_url = "https://ingest.example.com/v1"
`;
const UNUSED = { lastUsedAt: null, bytesOut: 0, bytesIn: 0 };

test('every address in the configuration that is called is on the list, and nothing else', () => {
  const called = CONFIG_KEYS.filter((key) => /[._]url$/.test(key) && key !== 'web.public_url');
  assert.deepEqual(Object.keys(DESTINATIONS).sort(), [...called].sort());
  assert.deepEqual(
    targetsOf(configOf(FULL))
      .map(({ key }) => key)
      .sort(),
    [...called].sort(),
  );
});

test('an address that is not configured is no target', () => {
  const keys = targetsOf(configOf(GOOD)).map(({ key }) => key);
  assert.deepEqual(
    keys.filter((key) => key === 'webex.wdm_url' || key === 'webex.event_url'),
    [],
  );
});

test('a client may call the origins of its own keys only', () => {
  const targets = targetsOf(configOf(FULL));
  assert.deepEqual(originsOf(targets, 'kms.url'), ['https://kms.example.com']);
  assert.deepEqual(originsOf(targets, 'webex.wdm_url', 'webex.event_url'), [
    'https://wdm.example.com',
    'https://mercury.example.com',
  ]);
});

test('addresses at one host are one row, with all that goes there in clear', () => {
  const config = configOf(FULL);
  const hosts = egressHosts(
    targetsOf(config),
    () => UNUSED,
    (name) => isSwitchedOn(config, name),
  );
  const shared = hosts.find(({ origin }) => origin === 'https://ingest.example.com');
  assert.deepEqual(
    shared?.uses.map(({ key }) => key),
    ['webex.ingest_url', 'webex.api_url'],
  );
  const rest = CLEAR_FIELDS.filter(({ host }) => host === 'webex.api_url');
  assert.deepEqual(
    shared?.clear.map(({ on, ...field }) => field),
    rest,
  );
  assert.deepEqual(
    shared?.clear.map(({ on }) => on),
    rest.map((field) => field.switch === null),
    'both switches are off when nobody turned them on',
  );
});

test('each switch of the closed list is that of the configuration', () => {
  const on = (text: string, name: ClearSwitch) =>
    isSwitchedOn(configOf(`${GOOD}[scheduling]\n${text}\n`), name);
  assert.deepEqual(
    [on('share_title = true', 'scheduling.share_title'), on('share_title = true', 'scheduling.share_people')],
    [true, false],
  );
  assert.equal(on('share_people = true', 'scheduling.share_people'), true);
});
