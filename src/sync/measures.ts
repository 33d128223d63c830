import type { Measures } from '../domain/measures.ts';
import { healthFacts, type Identity, UPSTREAMS } from './status.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The measures that the store and the upstreams know. */
export type SyncMeasures = Omit<Measures, 'disk' | 'secretsEndAt' | 'certificatesEndAt'>;

/** One reading for the metrics; nothing is opened for it. */
export function syncMeasures(deps: SyncDeps, identity: Identity): SyncMeasures {
  const { now, overall, alarms, mailboxStates, counts } = healthFacts(deps, identity);
  return deps.store.read((r) => ({
    now,
    health: overall,
    jobs: r.jobCounts(),
    alarms: alarms.map((alarm) => alarm.id),
    mailboxes: mailboxStates,
    subscriptions: r.subscriptionSummary(now),
    keys: r.keySummary(now),
    keyOutage: deps.kms.outage(),
    upstreams: UPSTREAMS.map((upstream) => {
      const { failures, pausedUntil } = deps.upstreams.health(upstream);
      const retryInMs = failures > 0 ? Math.max(0, pausedUntil - now) : 0;
      return { upstream, paused: failures > 0, retryInMs };
    }),
    lastDeliveryAt: r.deliveries(1)[0]?.at ?? null,
    sealedItems: { kept: counts.meetings, deletedLastHour: counts.deletedLastHour },
    mailsCaused: r.mailsCaused(),
  }));
}
