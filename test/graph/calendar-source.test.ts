import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { MARK_PROPERTY, parseEvent } from '../../src/graph/parse.ts';
import { eventJson, GUID, makeGraphRig, refusal } from './graph-rig.ts';

const failsWith = (code: string, reason: string, scope: string) => (thrown: unknown) => {
  assert.ok(thrown instanceof AppError);
  assert.deepEqual(
    { code: thrown.code, reason: thrown.reason, scope: thrown.scope, upstream: thrown.upstream },
    { code, reason, scope, upstream: 'graph' },
  );
  assert.doesNotMatch(thrown.message, /secret text/);
  return true;
};

test('learns the GUID and the language from the settings of an address, whatever signs it has (promise 21)', async () => {
  await using rig = await makeGraphRig(() => ({
    json: {
      '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#users('${GUID.toUpperCase()}')/mailboxSettings`,
      language: { locale: 'sv-SE', displayName: 'Svenska' },
    },
  }));
  assert.deepEqual(await rig.source.profile("o'neil+x#@example.com"), { guid: GUID, locale: 'sv-SE' });
  const [asked] = rig.asked;
  assert.equal(asked?.url, "/v1.0/users/o'neil%2Bx%23%40example.com/mailboxSettings");
  assert.equal(asked.headers.authorization, 'Bearer token-1');
  assert.equal(
    asked.headers.prefer,
    'outlook.timezone="UTC", IdType="ImmutableId", outlook.body-content-type="html"',
  );
  assert.match(String(asked.headers['client-request-id']), /^[0-9a-f-]{36}$/);
});

test('tells a missing mailbox from an answer that names nobody', async () => {
  await using rig = await makeGraphRig(() => refusal(404, 'MailboxNotEnabledForRESTAPI'));
  assert.equal(await rig.source.profile('a@example.com'), null);
  rig.graph = () => ({ json: { '@odata.context': "x#users('a%40example.com')/mailboxSettings" } });
  await assert.rejects(
    rig.source.profile('a@example.com'),
    failsWith('unavailable', 'GRAPH_UNEXPECTED_ANSWER', 'job'),
  );
});

test('reads an event with its mark, and only Graph itself can say that it is gone', async () => {
  const mark = { id: MARK_PROPERTY.toUpperCase(), value: 'mark-1' };
  await using rig = await makeGraphRig(() => ({
    json: eventJson({ singleValueExtendedProperties: [mark] }),
  }));
  const reading = await rig.source.readEvent(GUID, 'AAMk=/+1');
  assert.equal(reading.kind === 'found' && reading.event.mark, 'mark-1');
  const url = new URL(rig.asked[0]?.url ?? '', rig.origin);
  assert.equal(url.pathname, `/v1.0/users/${GUID}/events/AAMk%3D%2F%2B1`);
  assert.equal(
    url.searchParams.get('$expand'),
    `singleValueExtendedProperties($filter=id eq '${MARK_PROPERTY}')`,
  );
  rig.graph = () => refusal(404, 'ErrorItemNotFound');
  assert.deepEqual(await rig.source.readEvent(GUID, 'x'), { kind: 'gone' });
  rig.graph = () => ({ status: 404, text: '<html>not here</html>' });
  await assert.rejects(
    rig.source.readEvent(GUID, 'x'),
    failsWith('unavailable', 'GRAPH_UNEXPECTED_ANSWER', 'job'),
  );
});

test('sends no token to another host (promise 17)', async () => {
  await using strange = await makeGraphRig(() => ({ json: { value: [] } }));
  await using rig = await makeGraphRig(() => ({
    json: { value: [], '@odata.nextLink': `${strange.origin}/v1.0/x` },
  }));
  await assert.rejects(
    rig.source.changedSince(GUID, 0),
    failsWith('forbidden', 'GRAPH_HOST_NOT_ALLOWED', 'job'),
  );
  assert.equal(strange.asked.length, 0);
});

test('writes once with If-Match and keeps the mark that the answer does not echo', async () => {
  await using rig = await makeGraphRig(() => ({ json: eventJson({ changeKey: 'key-2' }) }));
  const event = parseEvent(eventJson());
  const write = { body: { contentType: 'html', content: '<p>y</p>' }, mark: 'mark-2' } as const;
  const outcome = await rig.source.writeEvent(GUID, event, write);
  assert.ok(outcome.kind === 'written');
  assert.deepEqual([outcome.event.changeKey, outcome.event.mark], ['key-2', 'mark-2']);
  const [asked] = rig.asked;
  assert.equal(`${asked?.method} ${asked?.url}`, `PATCH /v1.0/users/${GUID}/calendar/events/AAMk%3D%2F%2B1`);
  assert.equal(asked?.headers['if-match'], 'W/"key-1"');
  assert.deepEqual(JSON.parse(asked?.body ?? ''), {
    body: write.body,
    singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: 'mark-2' }],
  });
});

test('a lost race, a deleted event and a broken connection are told apart', async () => {
  await using rig = await makeGraphRig(() => refusal(412, 'ErrorIrresolvableConflict'));
  const event = parseEvent(eventJson());
  const write = () => rig.source.writeEvent(GUID, event, { mark: 'm' });
  assert.deepEqual(await write(), { kind: 'raced' });
  rig.graph = () => refusal(409, 'ErrorIrresolvableConflict');
  assert.deepEqual(await write(), { kind: 'raced' });
  rig.graph = () => refusal(404, 'ErrorItemNotFound');
  assert.deepEqual(await write(), { kind: 'gone' });
  rig.graph = () => ({ cut: true });
  rig.asked.length = 0;
  await assert.rejects(write(), failsWith('unavailable', 'GRAPH_UNREACHABLE', 'upstream'));
  const matches = rig.asked.map(({ headers }) => headers['if-match']);
  assert.deepEqual(matches, Array(5).fill('W/"key-1"'), 'If-Match makes sure that it lands once at most');
});

for (const [status, code] of [
  [500, 'ErrorInternalServerError'],
  [502, null],
  [503, 'ErrorMailboxStoreUnavailable'],
  [503, null],
  [504, null],
] as const) {
  const trouble = () => (code === null ? { status, text: '<html>' } : refusal(status, code));

  test(`repeats a read that was answered ${status} ${code ?? ''}, at most four times`, async () => {
    let down = 2;
    await using rig = await makeGraphRig(() => {
      down -= 1;
      return down >= 0 ? trouble() : { json: eventJson() };
    });
    assert.equal((await rig.source.readEvent(GUID, 'x')).kind, 'found');
    down = 100;
    await assert.rejects(rig.source.readEvent(GUID, 'x'), (thrown) => {
      assert.ok(thrown instanceof AppError);
      return thrown.code === 'unavailable';
    });
    assert.equal(rig.asked.length, 3 + 5);
  });
}

test('a mailbox that moves is asked once: it is not back for hours', async () => {
  await using rig = await makeGraphRig(() => refusal(503, 'ErrorMailboxMoveInProgress'));
  await assert.rejects(
    rig.source.readEvent(GUID, 'x'),
    failsWith('unavailable', 'GRAPH_MAILBOX_MOVING', 'mailbox'),
  );
  assert.equal(rig.asked.length, 1);
});

test('hands a Retry-After that is too long to wait for to the queue', async () => {
  await using rig = await makeGraphRig(() => ({
    ...refusal(429, 'ApplicationThrottled'),
    headers: { 'retry-after': '32.128' },
  }));
  await assert.rejects(rig.source.readEvent(GUID, 'x'), (thrown) => {
    assert.ok(thrown instanceof AppError);
    assert.deepEqual(
      [thrown.reason, thrown.scope, thrown.retryAfterMs],
      ['GRAPH_THROTTLED', 'mailbox', 32_128],
    );
    return true;
  });
  assert.equal(rig.asked.length, 1);
});

test('never runs more than three calls to one mailbox at a time', async () => {
  let running = 0;
  let most = 0;
  const arrivals: (() => void)[] = [];
  await using rig = await makeGraphRig(async () => {
    running += 1;
    most = Math.max(most, running);
    // Each one waits until the third is there or nobody else can come.
    await new Promise<void>((resolve) => {
      arrivals.push(resolve);
      if (arrivals.length % 3 === 0) for (const go of arrivals) go();
    });
    running -= 1;
    return { json: eventJson() };
  });
  await Promise.all(Array.from({ length: 9 }, (_, n) => rig.source.readEvent(GUID, `e${n}`)));
  assert.equal(most, 3);
});
