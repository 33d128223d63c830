import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { eventJson, GUID, makeGraphRig, refusal } from './graph-rig.ts';

const reasonOf = async (call: Promise<unknown>): Promise<string> => {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof AppError);
  assert.equal(thrown.cause, undefined, 'nothing of the service is carried along');
  return `${thrown.code} ${thrown.reason} ${thrown.scope}`;
};

test('asks for one token however many calls need it', async () => {
  await using rig = await makeGraphRig(() => ({ json: eventJson() }));
  await Promise.all(['a', 'b', 'c'].map((id) => rig.source.readEvent(GUID, id)));
  await rig.source.readEvent(GUID, 'd');
  assert.equal(rig.tokenForms.length, 1);
  const form = rig.tokenForms[0];
  assert.equal(form?.get('grant_type'), 'client_credentials');
  assert.match(form?.get('scope') ?? '', /https:\/\/graph\.microsoft\.com\/\.default/);
  assert.equal(form?.get('client_secret'), 'the secret');
});

test('replaces a refused token once for all calls that carried it (promise 16)', async () => {
  await using rig = await makeGraphRig(({ headers }) =>
    headers.authorization === 'Bearer token-2'
      ? { json: eventJson() }
      : refusal(401, 'InvalidAuthenticationToken'),
  );
  const readings = await Promise.all(['a', 'b', 'c'].map((id) => rig.source.readEvent(GUID, id)));
  assert.ok(readings.every(({ kind }) => kind === 'found'));
  assert.equal(rig.tokenForms.length, 2);
});

test('a fresh token that is refused too stops the whole upstream', async () => {
  await using rig = await makeGraphRig(() => refusal(401, 'InvalidAuthenticationToken'));
  assert.equal(
    await reasonOf(rig.source.readEvent(GUID, 'a')),
    'unauthenticated GRAPH_TOKEN_REFUSED upstream',
  );
  assert.equal(rig.asked.length, 2);
});

test('a wrong secret is the administrator’s matter, a broken login is not', async () => {
  await using rig = await makeGraphRig(() => ({ json: eventJson() }));
  rig.login = () => ({
    status: 401,
    json: {
      error: 'invalid_client',
      error_description: 'AADSTS7000215: secret text of upstream',
      error_codes: [7000215],
    },
  });
  assert.equal(
    await reasonOf(rig.source.readEvent(GUID, 'a')),
    'forbidden GRAPH_CREDENTIAL_REFUSED upstream',
  );
  rig.login = () => ({ status: 503, text: '<html>' });
  assert.equal(
    await reasonOf(rig.source.readEvent(GUID, 'a')),
    'unavailable GRAPH_LOGIN_UNAVAILABLE upstream',
  );
  rig.login = () => ({ json: { token_type: 'Bearer', expires_in: 3599, access_token: 'good' } });
  assert.equal((await rig.source.readEvent(GUID, 'a')).kind, 'found');
});

test('a secret past its end is told from a wrong one', async () => {
  await using rig = await makeGraphRig(() => ({ json: eventJson() }));
  const error_description = 'AADSTS7000222: secret text of upstream';
  rig.login = () => ({
    status: 401,
    json: { error: 'invalid_client', error_description, error_codes: [7000222] },
  });
  assert.equal(await reasonOf(rig.source.readEvent(GUID, 'a')), 'forbidden GRAPH_SECRET_EXPIRED upstream');
});

test('a login that cannot be reached says so', async () => {
  await using rig = await makeGraphRig(() => ({ json: eventJson() }));
  rig.login = () => ({ cut: true });
  await assert.rejects(
    rig.source.readEvent(GUID, 'a'),
    (thrown) => thrown instanceof AppError && thrown.reason === 'GRAPH_UNREACHABLE',
  );
});
