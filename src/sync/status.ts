import type { Upstream } from '../domain/app-error.ts';
import { assess } from '../domain/health.ts';
import type { JobKind } from '../domain/job.ts';
import type { StageFacts, StageName, StatusFacts } from '../domain/status.ts';
import type { JobCount, Reader } from '../domain/store-port.ts';
import { openAddress } from './addresses.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;
const DELIVERIES_SHOWN = 12;

export interface Identity {
  readonly version: string;
  readonly startedAt: number;
  readonly lab: boolean;
}

/** One reading for the status page and the command socket. Addresses are opened for this answer only. */
export async function statusFacts(deps: SyncDeps, identity: Identity): Promise<StatusFacts> {
  const now = deps.clock.now();
  const addresses = await openAddresses(deps);
  return deps.store.read((r) => {
    const rows = r.mailboxes();
    const active = rows.filter((row) => row.state === 'activated').length;
    const alarms = r.alarms();
    const health = assess(alarms, { total: rows.length, active });
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
      mailboxes: mailboxFacts(r, addresses),
      deliveries: r
        .deliveries(DELIVERIES_SHOWN)
        .map((row) => ({ ...row, address: addresses.get(row.mailboxId) ?? null })),
      counts: {
        meetings: [...r.meetingCounts().values()].reduce((sum, n) => sum + n, 0),
        deliveredToday: r.deliveredSince(now - (now % DAY_MS)),
        deadJobs: counts.reduce((sum, count) => sum + count.dead, 0),
      },
    };
  });
}

async function openAddresses(deps: SyncDeps): Promise<Map<number, string>> {
  const rows = deps.store.read((r) => r.mailboxes());
  const opened = rows.map(async (row) => [row.id, await openAddress(deps, row)] as const);
  // Without the directory key the page still works, without addresses.
  return Promise.all(opened).then(
    (pairs) => new Map(pairs),
    () => new Map(),
  );
}

function mailboxFacts(r: Reader, addresses: ReadonlyMap<number, string>): StatusFacts['mailboxes'] {
  const meetings = r.meetingCounts();
  const expiry = new Map(r.subscriptions().map((row) => [row.mailboxId, row.expiresAt]));
  return r.mailboxes().map(({ id, kind, state, since, reason, retryAt }) => ({
    id,
    kind,
    state,
    since,
    reason,
    retryAt,
    address: addresses.get(id) ?? null,
    meetings: meetings.get(id) ?? 0,
    subscriptionExpiresAt: expiry.get(id) ?? null,
  }));
}

function stages(deps: SyncDeps, r: Reader, counts: readonly JobCount[]): StageFacts[] {
  const waiting = (kind: JobKind) => pending(counts, kind);
  const [lastDelivery] = r.deliveries(1);
  const inbox: StageFacts = own('inbox', r.lastReceivedAt(), waiting('sync-event'));
  const outbox: StageFacts = own('outbox', lastDelivery?.at ?? null, waiting('deliver'));
  return [
    upstreamStage(deps, 'graph', 'graph', waiting('delta-round') + waiting('enable-mailbox')),
    inbox,
    upstreamStage(deps, 'keys', 'kms', 0),
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
  };
}

function upstreamStage(deps: SyncDeps, name: StageName, upstream: Upstream, backlog: number): StageFacts {
  const { lastSuccessAt, failures, reason } = deps.upstreams.health(upstream);
  const state = failures > 0 ? 'failing' : lastSuccessAt === null ? 'idle' : 'ok';
  return { name, state, lastSuccessAt, backlog, reason: failures > 0 ? reason : null };
}
