import type { Gauge } from '@prometheus-io/client';
import type { Measures } from '../domain/measures.ts';
import type { OverallState } from '../domain/status.ts';

const HEALTH: Readonly<Record<OverallState, number>> = {
  operational: 0,
  impaired: 1,
  outage: 2,
  maintenanceMode: 3,
};

type MakeGauge = (name: string, help: string, labels: string[]) => Gauge<string>;
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Row {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (m: Measures) => readonly Sample[];
}

/** Makes the gauges of the tables below; the returned function sets them all from one reading. */
export function openGauges(make: MakeGauge): (measures: Measures) => void {
  const rows = [...WORK, ...STATE, ...PLACE];
  const gauges = rows.map((row) => ({ ...row, gauge: make(row.name, row.help, [...row.labels]) }));
  return (measures) => {
    for (const { gauge, labels, samples } of gauges) {
      // What is gone since the last reading (the last job of a kind, say) must not stand on, nor an unknown as zero.
      gauge.reset();
      if (labels.length === 0) gauge.remove({});
      for (const [values, value] of samples(measures)) gauge.set({ ...values }, value);
    }
  };
}

const WORK: readonly Row[] = [
  row('jobs_waiting', 'Jobs that wait', ['kind'], (m) =>
    m.jobs.map(({ kind, waiting }) => [{ kind }, waiting]),
  ),
  row('jobs_leased', 'Jobs being worked on', ['kind'], (m) =>
    m.jobs.map(({ kind, leased }) => [{ kind }, leased]),
  ),
  row('jobs_dead', 'Jobs given up', ['kind'], (m) => m.jobs.map(({ kind, dead }) => [{ kind }, dead])),
  row('job_oldest_waiting_seconds', 'How long the oldest due job has been due', ['kind'], (m) =>
    m.jobs.map(({ kind, oldestRunAt }) => [
      { kind },
      oldestRunAt === null ? 0 : secondsSince(m, oldestRunAt),
    ]),
  ),
  row('upstream_paused', '1 while an upstream is left alone', ['upstream'], (m) =>
    m.upstreams.map(({ upstream, paused }) => [{ upstream }, paused ? 1 : 0]),
  ),
  row('upstream_retry_after_seconds', 'Until a paused upstream is tried again', ['upstream'], (m) =>
    m.upstreams.map(({ upstream, retryInMs }) => [{ upstream }, retryInMs / 1000]),
  ),
  row('delivery_last_success_timestamp_seconds', 'When Webex last acknowledged a version', [], (m) =>
    instant(m.lastDeliveryAt),
  ),
  row(
    'invitation_mails_caused',
    'Mails that Exchange sent about our writes to invitations, since the installation',
    [],
    (m) => known(m.mailsCaused),
  ),
];

const STATE: readonly Row[] = [
  row('health_state', '0 operational, 1 impaired, 2 outage, 3 maintenance', [], (m) => [
    [{}, HEALTH[m.health]],
  ]),
  row('alarms', 'Standing alarms', ['id'], (m) =>
    [...new Set(m.alarms)].map((id) => [{ id }, m.alarms.filter((other) => other === id).length]),
  ),
  row('mailboxes', 'Mailboxes by state', ['state'], (m) =>
    Object.entries(m.mailboxes).map(([state, count]) => [{ state }, count]),
  ),
  row('sealed_items', 'Sealed items of meetings that are kept', [], (m) => [[{}, m.sealedItems.kept]]),
  row('sealed_items_deleted_last_hour', 'Sealed items that retention took out in the last hour', [], (m) => [
    [{}, m.sealedItems.deletedLastHour],
  ]),
  row('subscriptions', 'Subscriptions at Graph by state', ['state'], ({ subscriptions }) => [
    [{ state: 'live' }, subscriptions.live],
    [{ state: 'expired' }, subscriptions.expired],
  ]),
  row('subscription_earliest_expiry_timestamp_seconds', 'When the first live subscription ends', [], (m) =>
    instant(m.subscriptions.earliestExpiryAt),
  ),
  row('keys', 'Keys of mailboxes by state', ['state'], ({ keys }) => [
    [{ state: 'sealing' }, keys.sealing],
    [{ state: 'retired' }, keys.retired],
  ]),
  row('key_oldest_age_seconds', 'Age of the oldest key that seals for a mailbox', [], (m) =>
    m.keys.oldestSealingSince === null ? [] : [[{}, secondsSince(m, m.keys.oldestSealingSince)]],
  ),
  row('key_next_renewal_timestamp_seconds', 'When the next key is made for a mailbox', [], (m) =>
    instant(m.keys.nextRenewalAt),
  ),
  row('key_most_seals', 'How often the key that sealed most has sealed', [], (m) => [[{}, m.keys.mostSeals]]),
  row('kms_away_seconds', 'How long the KMS has been out of reach; 0 while it answers', [], (m) => [
    [{}, m.keyOutage === null ? 0 : secondsSince(m, m.keyOutage.since)],
  ]),
  row(
    'key_copies_end_timestamp_seconds',
    'While the KMS is away: when keys in memory stop serving',
    ['key'],
    (m) => [...copyEnd('first', m.keyOutage?.firstEndAt), ...copyEnd('last', m.keyOutage?.lastEndAt)],
  ),
];

const PLACE: readonly Row[] = [
  row('secret_expiry_timestamp_seconds', 'When a secret ends, by its configuration key', ['secret'], (m) =>
    [...m.secretsEndAt].map(([secret, at]) => [{ secret }, at / 1000]),
  ),
  row('certificate_expiry_timestamp_seconds', 'When a listener’s certificate ends', ['listener'], (m) =>
    [...m.certificatesEndAt].map(([listener, at]) => [{ listener }, at / 1000]),
  ),
  row('disk_full', '1 while nothing can be written', [], (m) => [
    [{}, m.alarms.includes('disk-full') ? 1 : 0],
  ]),
  row('db_size_bytes', 'Size of the database file', [], (m) => known(m.disk.databaseBytes)),
  row('db_wal_bytes', 'Size of its write-ahead log', [], (m) => known(m.disk.walBytes)),
  row('disk_free_bytes', 'Free space on the volume of the data directory', [], (m) =>
    known(m.disk.freeBytes),
  ),
];

function row(name: string, help: string, labels: readonly string[], samples: Row['samples']): Row {
  return { name, help, labels, samples };
}

function copyEnd(key: string, at: number | null | undefined): readonly Sample[] {
  return at === null || at === undefined ? [] : [[{ key }, at / 1000]];
}

function known(value: number | null): readonly Sample[] {
  return value === null ? [] : [[{}, value]];
}

function instant(epochMs: number | null): readonly Sample[] {
  return known(epochMs === null ? null : epochMs / 1000);
}

/** Never negative: clocks jump. */
function secondsSince({ now }: Measures, then: number): number {
  return Math.max(0, now - then) / 1000;
}
