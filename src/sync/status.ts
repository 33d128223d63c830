import type { Upstream } from '../domain/app-error.ts';
import { assess } from '../domain/health.ts';
import type { JobCount, JobKind } from '../domain/job.ts';
import { toTheMinute } from '../domain/key-outage.ts';
import { troubleOf } from '../domain/mailbox-trouble.ts';
import type { HealthFacts, StageFacts, StageName, StatusFacts } from '../domain/status.ts';
import type { Reader } from '../domain/store-port.ts';
import { openAddresses } from './addresses.ts';
import { deletedLastHour } from './retention.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;
const DELIVERIES_SHOWN = 12;
export const UPSTREAMS: readonly Upstream[] = ['graph', 'kms', 'webex'];

export interface Identity {
  readonly version: string;
  readonly startedAt: number;
  readonly lab: boolean;
}

/** How things stand; nothing is opened for it. */
export function healthFacts(deps: SyncDeps, identity: Identity): HealthFacts {
  const now = deps.clock.now();
  return deps.store.read((r) => {
    const mailboxStates = r.mailboxStates();
    const total = Object.values(mailboxStates).reduce<number>((sum, n) => sum + (n ?? 0), 0);
    const alarms = r.alarms();
    const health = assess(alarms, { total, active: mailboxStates.activated ?? 0 });
    const counts = r.jobCounts();
    return {
      now,
      ...identity,
      tenantId: deps.settings.tenantId,
      syncMode: deps.settings.webhooks === null ? 'delta' : 'webhook',
      overall: health.state,
      overallReason: health.reason,
      stages: stages(deps, r, counts),
      alarms,
      keyOutage: toTheMinute(deps.kms.outage()),
      mailboxStates,
      counts: {
        meetings: [...r.meetingCounts().values()].reduce((sum, n) => sum + n, 0),
        deliveredToday: r.deliveredSince(startOfDay(now)),
        deadJobs: counts.reduce((sum, count) => sum + count.dead, 0),
        deletedLastHour: deletedLastHour(r, now),
      },
    };
  });
}

/** What the status page shows, with every address still sealed (null): whether it changed is seen without opening any. */
export function statusOutline(deps: SyncDeps, identity: Identity): StatusFacts {
  const health = healthFacts(deps, identity);
  return deps.store.read((r) => ({
    ...health,
    mailboxes: mailboxFacts(r),
    deliveries: r.deliveries(DELIVERIES_SHOWN).map((row) => ({ ...row, address: null })),
  }));
}

/** One reading for the status page. Addresses are opened for this answer only. */
export async function statusFacts(deps: SyncDeps, identity: Identity): Promise<StatusFacts> {
  const outline = statusOutline(deps, identity);
  // Without the directory key the page still works, without addresses.
  const addresses = await openAddresses(deps).catch(() => new Map<number, string>());
  return {
    ...outline,
    mailboxes: outline.mailboxes.map((one) => ({ ...one, address: addresses.get(one.id) ?? null })),
    deliveries: outline.deliveries.map((one) => ({ ...one, address: addresses.get(one.mailboxId) ?? null })),
  };
}

/** While this text stays the same the status does too (but for the time itself). Costs next to nothing. */
export function statusMark(deps: SyncDeps): string {
  // The alarm about a full disk has no row: the disk is full.
  const stored = deps.store.read((r) => `${r.changeCount()} ${r.alarms().length}`);
  const upstreams = UPSTREAMS.map((upstream) => {
    const { lastSuccessAt, failures, reason } = deps.upstreams.health(upstream);
    return `${lastSuccessAt} ${failures} ${reason}`;
  });
  const away = JSON.stringify(toTheMinute(deps.kms.outage()));
  return [stored, startOfDay(deps.clock.now()), away, ...upstreams].join('/');
}

function startOfDay(now: number): number {
  return now - (now % DAY_MS);
}

function mailboxFacts(r: Reader): StatusFacts['mailboxes'] {
  const meetings = r.meetingCounts();
  const expiry = new Map(r.subscriptions().map((row) => [row.mailboxId, row.expiresAt]));
  return r.mailboxes().map(({ id, kind, state, since, reason, retryAt }) => ({
    id,
    kind,
    state,
    since,
    reason,
    actor: reason === null || retryAt === null ? null : troubleOf({ reason }).actor,
    retryAt,
    address: null,
    meetings: meetings.get(id) ?? 0,
    subscriptionExpiresAt: expiry.get(id) ?? null,
  }));
}

function stages(deps: SyncDeps, r: Reader, counts: readonly JobCount[]): StageFacts[] {
  const waiting = (kind: JobKind) => pending(counts, kind);
  const [lastDelivery] = r.deliveries(1);
  const inbox: StageFacts = own('inbox', r.lastReceivedAt(), waiting('sync-event'));
  const outbox: StageFacts = own('outbox', lastDelivery?.at ?? null, waiting('deliver') + waiting('remind'));
  return [
    upstreamStage(deps, 'graph', 'graph', waiting('delta-round') + waiting('enable-mailbox')),
    inbox,
    keyStage(deps),
    outbox,
    upstreamStage(deps, 'webex', 'webex', 0),
  ];
}

function pending(counts: readonly JobCount[], kind: JobKind): number {
  const count = counts.find((one) => one.kind === kind);
  // Jobs of the future (the next round, the next renewal) are a plan, not a backlog.
  if (count === undefined || kind === 'delta-round') return count?.leased ?? 0;
  return count.waiting + count.leased;
}

function own(name: StageName, lastSuccessAt: number | null, backlog: number): StageFacts {
  return {
    name,
    state: backlog > 0 ? 'waiting' : lastSuccessAt === null ? 'idle' : 'ok',
    lastSuccessAt,
    backlog,
    reason: null,
    retryAt: null,
  };
}

/** While keys in memory serve no call fails, and yet the KMS is away. */
function keyStage(deps: SyncDeps): StageFacts {
  const stage = upstreamStage(deps, 'keys', 'kms', 0);
  const outage = deps.kms.outage();
  return outage === null || stage.state === 'failing'
    ? stage
    : { ...stage, state: 'failing', reason: outage.reason };
}

function upstreamStage(deps: SyncDeps, name: StageName, upstream: Upstream, backlog: number): StageFacts {
  const { lastSuccessAt, failures, reason, pausedUntil } = deps.upstreams.health(upstream);
  if (failures > 0) return { name, state: 'failing', lastSuccessAt, backlog, reason, retryAt: pausedUntil };
  const state = lastSuccessAt === null ? 'idle' : 'ok';
  return { name, state, lastSuccessAt, backlog, reason: null, retryAt: null };
}
