import type { StatusFacts } from '../../src/domain/status.ts';

/** A Monday morning of a small installation. */
export const NOW = Date.UTC(2026, 10, 23, 9, 30, 12);
const HOUR = 3_600_000;

const PEOPLE = [
  'alex.berg@contoso.example',
  'bianca.lopez@contoso.example',
  'chen.wei@contoso.example',
  'dana.okafor@contoso.example',
  'emil.sorensen@contoso.example',
  'fatima.rahman@contoso.example',
  'george.ivanov@contoso.example',
  'hanna.virtanen@contoso.example',
];
const ROOMS = ['room.aurora@contoso.example', 'room.borealis@contoso.example', 'room.corona@contoso.example'];

const mailboxes: StatusFacts['mailboxes'] = [...PEOPLE, ...ROOMS].map((address, index) => ({
  id: index + 1,
  kind: index < PEOPLE.length ? 'person' : 'room',
  address,
  state: 'activated',
  since: NOW - 50 * HOUR,
  reason: null,
  actor: null,
  retryAt: null,
  meetings: 4 + ((index * 7) % 13),
  subscriptionExpiresAt: NOW + (30 + index) * HOUR,
}));

const deliveries: StatusFacts['deliveries'] = Array.from({ length: 20 }, (_, index) => ({
  at: NOW - 12_000 - index * index * 31_000,
  mailboxId: (index % 11) + 1,
  address: mailboxes[index % 11]?.address ?? null,
  meetingId: `6f1c2d3e-0000-4000-8000-00000000${String(1000 + index)}`,
  version: 1 + (index % 4),
  kind: index % 5 === 3 ? 'withdraw' : index % 4 === 0 ? 'create' : 'update',
  latencyMs: 180 + ((index * 97) % 1400),
}));

/** Everything works. */
export const HEALTHY: StatusFacts = {
  now: NOW,
  version: '0.1.0',
  startedAt: NOW - 51 * HOUR,
  lab: true,
  tenantId: '7d1f6c1e-5b0a-4c57-9d4f-0d8a1b2c3d4e',
  syncMode: 'webhook',
  overall: 'operational',
  overallReason: 'All 11 mailboxes are watched',
  stages: [
    { name: 'graph', state: 'ok', lastSuccessAt: NOW - 4_000, backlog: 0, reason: null, retryAt: null },
    { name: 'inbox', state: 'ok', lastSuccessAt: NOW - 12_000, backlog: 0, reason: null, retryAt: null },
    { name: 'keys', state: 'ok', lastSuccessAt: NOW - 190_000, backlog: 0, reason: null, retryAt: null },
    {
      name: 'outbox',
      state: 'waiting',
      lastSuccessAt: NOW - 12_000,
      backlog: 3,
      reason: null,
      retryAt: null,
    },
    { name: 'webex', state: 'ok', lastSuccessAt: NOW - 12_000, backlog: 0, reason: null, retryAt: null },
  ],
  alarms: [],
  keyOutage: null,
  mailboxStates: { activated: 11 },
  mailboxes,
  deliveries,
  counts: { meetings: 118, deliveredToday: 1204, deadJobs: 0, deletedLastHour: 42 },
};

/** The KMS is away and one mailbox was refused. */
export const TROUBLED: StatusFacts = {
  ...HEALTHY,
  overall: 'outage',
  overallReason: 'The key management server does not answer',
  stages: HEALTHY.stages.map((stage) => {
    if (stage.name === 'keys')
      return { ...stage, state: 'failing', reason: 'KMS_UNREACHABLE', backlog: 2, retryAt: NOW + 42_000 };
    return stage.name === 'inbox' ? { ...stage, state: 'waiting', backlog: 41 } : stage;
  }),
  alarms: [
    { id: 'mailbox-not-working', subject: '3', since: NOW - 5 * HOUR, reason: 'GRAPH_MAILBOX_DENIED' },
    { id: 'kms-unreachable', subject: '', since: NOW - 431_000, reason: 'KMS_UNREACHABLE' },
  ],
  keyOutage: {
    since: NOW - 431_000,
    reason: 'KMS_UNREACHABLE',
    firstEndAt: NOW + 20 * HOUR,
    lastEndAt: NOW + 23 * HOUR,
  },
  mailboxStates: { activated: 10, 'out-of-scope': 1 },
  mailboxes: mailboxes.map((one) =>
    one.id === 3
      ? {
          ...one,
          state: 'out-of-scope',
          reason: 'GRAPH_MAILBOX_DENIED',
          actor: 'Microsoft 365 administrator',
          retryAt: NOW + 840_000,
          subscriptionExpiresAt: null,
        }
      : one,
  ),
  counts: { ...HEALTHY.counts, deadJobs: 2 },
};
