import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Measures } from '../../src/domain/measures.ts';
import { diskUsage } from '../../src/ops/disk-usage.ts';
import { openMetrics } from '../../src/ops/metrics.ts';

const NOW = 1_900_000_000_000;
const FULL: Measures = {
  now: NOW,
  health: 'outage',
  jobs: [
    { kind: 'deliver', waiting: 4, leased: 2, dead: 1, oldestRunAt: NOW - 90_000 },
    { kind: 'prune', waiting: 1, leased: 0, dead: 0, oldestRunAt: NOW + 5_000 },
  ],
  alarms: ['mailbox-not-working', 'kms-unreachable', 'mailbox-not-working'],
  mailboxes: { activated: 9, 'out-of-scope': 2 },
  subscriptions: { live: 9, expired: 1, earliestExpiryAt: NOW + 60_000 },
  keys: {
    sealing: 10,
    retired: 3,
    oldestSealingSince: NOW - 86_400_000,
    nextRenewalAt: NOW + 86_400_000,
    mostSeals: 7,
  },
  keyOutage: null,
  upstreams: [
    { upstream: 'graph', paused: false, retryInMs: 0 },
    { upstream: 'kms', paused: true, retryInMs: 2_500 },
  ],
  lastDeliveryAt: NOW - 1_000,
  sealedItems: { kept: 118, deletedLastHour: 42 },
  mailsCaused: 42,
  disk: { databaseBytes: 4096, walBytes: 0, freeBytes: 1e9 },
  secretsEndAt: new Map([['graph.client_certificate_file', NOW + 1_000]]),
  certificatesEndAt: new Map([['admin', NOW + 2_000]]),
};

/** The names of the operations reference that have a source, without the histograms' suffixes. */
const NAMES = `build_info health_state notifications_received_total notification_response_seconds jobs_waiting
  jobs_leased jobs_dead job_oldest_waiting_seconds job_duration_seconds job_attempts_total event_to_push_seconds
  upstream_requests_total upstream_request_seconds upstream_paused upstream_retry_after_seconds subscriptions
  subscription_earliest_expiry_timestamp_seconds mailboxes reconcile_last_success_timestamp_seconds keys
  key_oldest_age_seconds secret_expiry_timestamp_seconds certificate_expiry_timestamp_seconds db_size_bytes db_wal_bytes
  disk_free_bytes disk_full logins_total log_lines_total`.split(/\s+/);

const BUILD = { version: '9.9.9', commit: 'abc', node: '26.0.0', sqlite: '3.54.1' };
const open = () => openMetrics(() => BUILD);

test('offers every name of the operations reference that has a source, and the process’ own', async () => {
  const text = await open().exposition(FULL);
  const offered = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');
  assert.deepEqual(
    NAMES.filter((name) => !offered.includes(`appliance_${name}`)),
    [],
  );
  assert.ok(offered.every((name) => /^(appliance|process|nodejs)_[a-z0-9_]+$/.test(name)));
  assert.ok(
    offered.includes('nodejs_eventloop_lag_seconds') && offered.includes('process_resident_memory_bytes'),
  );
});

test('shows each measure as it was read', async () => {
  const lines = (await open().exposition(FULL)).split('\n');
  for (const line of [
    'appliance_build_info{version="9.9.9",commit="abc",node="26.0.0",sqlite="3.54.1"} 1',
    'appliance_health_state 2',
    'appliance_jobs_waiting{kind="deliver"} 4',
    'appliance_jobs_leased{kind="deliver"} 2',
    'appliance_jobs_dead{kind="deliver"} 1',
    'appliance_job_oldest_waiting_seconds{kind="deliver"} 90',
    'appliance_job_oldest_waiting_seconds{kind="prune"} 0',
    'appliance_alarms{id="mailbox-not-working"} 2',
    'appliance_mailboxes{state="out-of-scope"} 2',
    'appliance_subscriptions{state="expired"} 1',
    'appliance_subscription_earliest_expiry_timestamp_seconds 1900000060',
    'appliance_keys{state="sealing"} 10',
    'appliance_key_oldest_age_seconds 86400',
    'appliance_upstream_paused{upstream="kms"} 1',
    'appliance_upstream_retry_after_seconds{upstream="kms"} 2.5',
    'appliance_delivery_last_success_timestamp_seconds 1899999999',
    'appliance_secret_expiry_timestamp_seconds{secret="graph.client_certificate_file"} 1900000001',
    'appliance_certificate_expiry_timestamp_seconds{listener="admin"} 1900000002',
    'appliance_db_size_bytes 4096',
    'appliance_db_wal_bytes 0',
    'appliance_disk_free_bytes 1000000000',
    'appliance_disk_full 0',
  ])
    assert.ok(lines.includes(line), line);
});

test('what is gone or unknown at the next reading is not shown as before, nor as zero', async () => {
  const metrics = open();
  await metrics.exposition(FULL);
  const text = await metrics.exposition({
    ...FULL,
    jobs: [],
    alarms: [],
    subscriptions: { live: 0, expired: 0, earliestExpiryAt: null },
    keys: { sealing: 0, retired: 0, oldestSealingSince: null, nextRenewalAt: null, mostSeals: 0 },
    keyOutage: null,
    lastDeliveryAt: null,
    mailsCaused: 0,
    disk: { databaseBytes: null, walBytes: null, freeBytes: null },
  });
  for (const gone of [
    'jobs_waiting',
    'alarms{',
    'earliest_expiry',
    'key_oldest',
    'last_success',
    'db_',
    'disk_free',
  ])
    assert.doesNotMatch(text, new RegExp(`^appliance_\\S*${gone}`, 'm'), gone);
  assert.match(text, /^appliance_subscriptions\{state="live"\} 0$/m);
});

test('tells the sizes of the database and what the volume has left', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'x.db');
  assert.deepEqual(
    { ...diskUsage(file), freeBytes: 0 },
    { databaseBytes: null, walBytes: null, freeBytes: 0 },
  );
  writeFileSync(file, 'x'.repeat(10));
  writeFileSync(`${file}-wal`, 'xyz');
  const usage = diskUsage(file);
  assert.deepEqual([usage.databaseBytes, usage.walBytes], [10, 3]);
  assert.ok((usage.freeBytes ?? 0) > 0);
});

test('an outage of the KMS is measured, and when the keys in memory stop serving', async () => {
  const metrics = open();
  const outage = { since: NOW - 90_000, reason: 'KMS_TIMEOUT', firstEndAt: NOW, lastEndAt: NOW + 60_000 };
  const away = await metrics.exposition({ ...FULL, keyOutage: outage });
  assert.match(away, /^appliance_kms_away_seconds 90$/m);
  assert.match(
    away,
    new RegExp(`^appliance_key_copies_end_timestamp_seconds\\{key="last"\\} ${NOW / 1000 + 60}$`, 'm'),
  );
  const there = await metrics.exposition(FULL);
  assert.match(there, /^appliance_kms_away_seconds 0$/m);
  assert.doesNotMatch(there, /^appliance_key_copies_end_timestamp_seconds\{/m);
});
