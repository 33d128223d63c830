import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { Measures } from '../../src/domain/measures.ts';
import { openEvents } from '../../src/ops/events.ts';
import { openLog } from '../../src/ops/log.ts';
import { openMetrics } from '../../src/ops/metrics.ts';
import { Secret } from '../../src/ops/secrets.ts';

const NOW = 1_900_000_000_000;
const MARK = 'zebra-marker@example.com';

const NOTHING: Measures = {
  now: NOW,
  health: 'operational',
  jobs: [],
  alarms: [],
  mailboxes: {},
  subscriptions: { live: 0, expired: 0, earliestExpiryAt: null },
  keys: { sealing: 0, retired: 0, oldestSealingSince: null, nextRenewalAt: null, mostSeals: 0 },
  keyOutage: null,
  upstreams: [],
  lastDeliveryAt: null,
  sealedItems: { kept: 118, deletedLastHour: 42 },
  mailsCaused: 0,
  disk: { databaseBytes: null, walBytes: null, freeBytes: null },
  secretsEndAt: new Map(),
  certificatesEndAt: new Map(),
};

function open() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = openLog({ level: 'debug', now: () => NOW, destination });
  const metrics = openMetrics(() => ({ version: '1', commit: 'c', node: '26', sqlite: '3' }));
  return { lines, log, metrics, events: openEvents(log, metrics) };
}

test('writes one line of ids and counts once for each event', async () => {
  const { lines, events, metrics } = open();
  const delivery = { at: NOW, mailboxId: 3, meetingId: 'm', version: 2, kind: 'update' } as const;
  events.delivered({ ...delivery, latencyMs: 1500 }, 11_500);
  assert.deepEqual(lines, [
    {
      level: 'info',
      time: NOW,
      event: 'meeting.delivered',
      msg: 'meeting delivered',
      mailboxId: 3,
      meetingId: 'm',
      version: 2,
      kind: 'update',
      latencyMs: 1500,
      sinceHintMs: 11_500,
    },
  ]);
  const text = await metrics.exposition(NOTHING);
  assert.match(text, /appliance_deliveries_total\{kind="update"\} 1/);
  assert.match(text, /appliance_event_to_push_seconds_sum 11\.5/);
  assert.match(text, /appliance_log_lines_total\{level="info"\} 1/);
});

test('has a line and a counter for every event', async () => {
  const { lines, events, metrics } = open();
  events.notificationAccepted(2);
  events.notificationDropped('forged', 1);
  events.eventDecorated({ mailboxId: 1, eventId: 'e' });
  events.meetingSealed({ mailboxId: 1, meetingId: 'm', version: 1 });
  events.notificationAnswered(3);
  events.jobEnded({ kind: 'delta-round', outcome: 'done', at: NOW, durationMs: 20 });
  events.upstreamAnswered({ upstream: 'graph', status: 204, durationMs: 30 });
  events.upstreamAnswered({ upstream: 'graph', status: null, durationMs: 30 });
  events.jobRetried({ kind: 'deliver', reason: 'X', attempt: 1 });
  events.jobDead({ kind: 'deliver', reason: 'X', attempt: 9, trackingId: 'ROUTER_1' });
  events.upstreamPaused({ upstream: 'webex', reason: 'WEBEX_UNREACHABLE', trackingId: 'ROUTER_2' });
  events.upstreamBack({ upstream: 'kms', reason: 'BACK' });
  events.alarmRaised({ id: 'dead-jobs', subject: '7', reason: 'X' });
  events.alarmCleared({ id: 'dead-jobs', subject: '7', reason: 'X' });
  events.mailboxStateChanged({ mailboxId: 1, state: 'activated', reason: null });
  events.webexTokenFailed('WEBEX_REFRESH_REFUSED');
  events.keysIssued(3);
  events.keysGivenUp(2);
  events.signedIn('failure');
  events.setupLink('made');
  events.applianceStarted({
    version: '1',
    lab: true,
    syncMode: 'delta',
    publicUrl: null,
    adminUrl: 'https://x',
  });
  events.firstJobLeased({ kind: 'prune', sinceStartMs: 750 });
  events.applianceStopping('SIGTERM');
  assert.equal(lines.length, 23);
  assert.ok(lines.every((line) => typeof line.event === 'string' && typeof line.msg === 'string'));
  const tracked = lines.flatMap((line) => ('trackingId' in line ? [line.trackingId] : []));
  assert.deepEqual(tracked, ['ROUTER_1', 'ROUTER_2']);
  assert.doesNotMatch(JSON.stringify(lines), /redacted/);
  const text = await metrics.exposition(NOTHING);
  assert.match(text, /notifications_received_total\{result="accepted"\} 2/);
  assert.match(text, /keys_issued_total 3/);
  assert.match(text, /keys_given_up_total 2/);
  assert.match(text, /alarm_changes_total\{id="dead-jobs",change="raised"\} 1/);
  assert.match(text, /notification_response_seconds_count 1/);
  assert.match(text, /job_attempts_total\{kind="delta-round",outcome="done"\} 1/);
  assert.match(text, /reconcile_last_success_timestamp_seconds 1900000000/);
  assert.match(text, /upstream_requests_total\{upstream="graph",code_class="2xx"\} 1/);
  assert.match(text, /upstream_requests_total\{upstream="graph",code_class="none"\} 1/);
  assert.match(text, /logins_total\{result="failure"\} 1/);
  assert.match(text, /first_job_leased_seconds 0\.75/);
  assert.match(text, /nodejs_eventloop_lag/);
});

test('a sign-in that went well is no warning, and a line that is not written is not counted', async () => {
  const { lines, log, metrics, events } = open();
  log.level = 'info';
  events.signedIn('success');
  events.notificationAccepted(1);
  assert.deepEqual(
    lines.map((line) => [line.level, line.event]),
    [['info', 'admin.signed_in']],
  );
  const text = await metrics.exposition(NOTHING);
  assert.match(text, /log_lines_total\{level="info"\} 1/);
  assert.doesNotMatch(text, /log_lines_total\{level="debug"\}/);
});

test('logs the place of a fault and never its messages', () => {
  const { lines, events } = open();
  const foreign = Object.assign(new TypeError(`${MARK}\n    at imitated (${MARK}:1:2)`), {
    code: 'ERR_FOREIGN',
  });
  events.fault(
    'INTERNAL',
    new AppError({ code: 'internal', reason: 'INTERNAL', message: MARK, cause: foreign }),
  );
  const [line] = lines;
  assert.deepEqual(line?.kinds, ['AppError', 'TypeError']);
  assert.deepEqual(line?.codes, ['INTERNAL', 'ERR_FOREIGN']);
  assert.match(JSON.stringify(line?.stack), /events\.test\.ts/);
  assert.doesNotMatch(JSON.stringify(lines), /zebra/);
  events.fault('ODD', MARK);
  assert.doesNotMatch(JSON.stringify(lines), /zebra/);
});

test('redacts content that slips into a line, as the second net', () => {
  const { lines, log } = open();
  log.info({
    subject: MARK,
    item: { location: MARK, deep: { token: MARK } },
    key: new Secret(MARK),
    own: new Secret(MARK),
  });
  log.warn({ headers: { authorization: MARK }, mailbox: { address: MARK } }, 'careless');
  assert.equal(lines.length, 2);
  assert.doesNotMatch(JSON.stringify(lines), /zebra/);
});

test('keeps line breaks out of the log', () => {
  const { lines, events } = open();
  events.jobRetried({ kind: 'deliver\n{"level":"error"}', reason: 'X', attempt: 1 });
  assert.equal(lines.length, 1);
});
