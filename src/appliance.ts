import { type Adapters, openAdapters } from './appliance-adapters.ts';
import { openJoinRules } from './appliance-join-rules.ts';
import { type Listeners, openListeners } from './appliance-listeners.ts';
import type { AlarmId } from './domain/alarm.ts';
import { AppError } from './domain/app-error.ts';
import type { Clock, Random } from './domain/ports.ts';
import type { Store, Writer } from './domain/store-port.ts';
import type { Config } from './ops/config.ts';
import { type Events, openEvents } from './ops/events.ts';
import type { Logger } from './ops/log.ts';
import { type Metrics, openMetrics } from './ops/metrics.ts';
import { commit, VERSION } from './ops/version.ts';
import { sodiumReady } from './seal/sodium.ts';
import { openStore } from './store/open.ts';
import { sqliteVersion } from './store/sqlite-version.ts';
import { closeLostIntents } from './sync/audit.ts';
import { PatientWrites } from './sync/patient-writes.ts';
import { HANDLERS, seedJobs } from './sync/start.ts';
import type { SyncDeps, SyncSettings } from './sync/sync-deps.ts';
import { Turns } from './sync/turns.ts';
import { alarmsOf, Upstreams } from './sync/upstreams.ts';
import { Worker } from './sync/worker.ts';

export interface ApplianceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Milliseconds since the process started; real on any clock. */
  readonly uptimeMs: () => number;
  /** systemd's `$CREDENTIALS_DIRECTORY`, where there is one. */
  readonly credentialsDirectory: string | undefined;
}

export interface Appliance {
  readonly adminUrl: string;
  readonly publicUrl: string | null;
  /** Ordered stop: no new work, running jobs end, listeners close, the database closes. */
  stop(reason: string): Promise<void>;
}

const DISK_FULL = { id: 'disk-full', subject: '', reason: 'DISK_FULL' } as const;

/** The composition root: builds every part and starts them in order. Throws AppError when the appliance can't start. */
export async function startAppliance(options: ApplianceOptions): Promise<Appliance> {
  const { config, clock, random } = options;
  await sodiumReady();
  const metrics = openMetrics(buildFacts);
  const events = openEvents(options.log, metrics);
  const store = openStore({
    dataDir: config.store.dataDir,
    clock,
    random,
    diskFull: (full) => (full ? events.alarmRaised(DISK_FULL) : events.alarmCleared(DISK_FULL)),
  });
  try {
    assertSameInstallation(store, config);
    return await compose({ ...options, metrics }, events, store);
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

/** What the running program is made of. */
function buildFacts() {
  return { version: VERSION, commit: commit(), node: process.versions.node, sqlite: sqliteVersion() };
}

async function compose(
  options: ApplianceOptions & { readonly metrics: Metrics },
  events: Events,
  store: Store,
): Promise<Appliance> {
  const { config, clock, random, metrics } = options;
  const writes = new PatientWrites(store, clock, events);
  const upstreams = watchUpstreams(options, events, store, writes);
  const adapters = openAdapters({
    ...options,
    answered: (upstream) => upstreams.succeeded(upstream),
    exchanged: (upstream, status, durationMs) => events.upstreamAnswered({ upstream, status, durationMs }),
    streamFault: (reason) => events.eventStreamLost(reason),
    tokenFault: (reason) => events.webexTokenFailed(reason),
  });
  let wake = (): void => undefined;
  const deps: SyncDeps = {
    ...adapters,
    settings: settingsOf(config, adapters.credentialEndsAt),
    store,
    clock,
    random,
    events: {
      ...events,
      firstJobLeased: (kind) => events.firstJobLeased({ kind, sinceStartMs: Math.round(options.uptimeMs()) }),
    },
    upstreams,
    turns: new Turns(),
    wake: () => wake(),
  };
  // Before anybody can ask for anything: whatever is open now was begun by a process that is gone.
  closeLostIntents(deps);
  const stopping = new AbortController();
  const worker = new Worker(deps, HANDLERS, writes);
  wake = () => worker.wake();
  const identity = { version: VERSION, startedAt: clock.now(), lab: config.lab.enabled };
  const listeners = await openListeners({
    config,
    deps,
    events,
    metrics,
    identity,
    egress: adapters.egress,
    credentialsDirectory: options.credentialsDirectory,
    stopping: stopping.signal,
  });
  adapters.start();
  seedJobs(deps);
  worker.start();
  const syncMode = deps.settings.webhooks === null ? 'delta' : 'webhook';
  events.applianceStarted({
    ...identity,
    syncMode,
    publicUrl: config.web.publicUrl,
    adminUrl: listeners.adminUrl,
  });
  return {
    adminUrl: listeners.adminUrl,
    publicUrl: listeners.publicUrl,
    stop: (reason) => {
      stopping.abort();
      return stop(reason, { events, listeners, worker, adapters, store });
    },
  };
}

interface Parts {
  readonly events: Events;
  readonly listeners: Listeners;
  readonly worker: Worker;
  readonly adapters: Adapters;
  readonly store: Store;
}

// The public listener goes last of the inputs: until then it only writes rows, and what it acknowledged is kept.
async function stop(reason: string, parts: Parts): Promise<void> {
  parts.events.applianceStopping(reason);
  await parts.worker.stop();
  await parts.listeners.close();
  await parts.adapters.close();
  parts.store.close();
}

function watchUpstreams(
  options: ApplianceOptions,
  events: Events,
  store: Store,
  writes: PatientWrites,
): Upstreams {
  const { clock, random } = options;
  const standing = store.read((r) => r.alarms());
  const upstreams: Upstreams = new Upstreams(clock, random, standing, ({ alarm, ...change }) => {
    const { upstream, reason } = change;
    if (alarm === null) events.upstreamBack(change);
    else events.upstreamPaused(change);
    const now = clock.now();
    const raise = (w: Writer): AlarmId[] => {
      // A write that had to wait may come after the upstream is back.
      const stands = alarm !== null && upstreams.health(upstream).failures > 0;
      return stands && w.raiseAlarm(alarm, '', reason, now) ? [alarm] : [];
    };
    const clear = (w: Writer): AlarmId[] => alarmsOf(upstream).filter((id) => w.clearAlarm(id, ''));
    const tell = (ids: readonly AlarmId[]): void => {
      const said = alarm === null ? events.alarmCleared : events.alarmRaised;
      for (const id of ids) said({ id, subject: '', reason });
    };
    // Only the end of the appliance gives up; the next start finds out anew.
    writes.repeatedly(alarm === null ? clear : raise).then(tell, () => undefined);
  });
  return upstreams;
}

function settingsOf(config: Config, credentialEndsAt: number | null): SyncSettings {
  const { sync, web } = config;
  const webhooks = sync.mode !== 'delta' && web.publicUrl !== null;
  return {
    tenantId: config.graph.tenantId.toLowerCase(),
    applianceUserId: config.kms.userId,
    webhooks: webhooks
      ? {
          notification: `${web.publicUrl}/graph/notifications`,
          lifecycle: `${web.publicUrl}/graph/lifecycle`,
        }
      : null,
    settleMs: sync.settleMs,
    settleMaxMs: sync.settleMaxMs,
    deltaPace: { fastMs: sync.deltaFastMs, slowMs: sync.deltaSlowMs },
    safetyNetMs: sync.safetyNetMs,
    presencePollMs: config.presence.pollMs,
    windowBackMs: sync.windowBackDays * 86_400_000,
    windowAheadMs: sync.windowAheadDays * 86_400_000,
    keyRotationMs: config.keys.rotationMs,
    reminderLeadMs: config.reminder.leadMs,
    joinRules: openJoinRules(config.joinTargets),
    scheduling: config.scheduling,
    fieldEncryption: config.webex.fieldEncryption,
    joinBlock: config.joinBlock,
    credentialEndsAt,
  };
}

/** A lab's database is refused by production and the other way round; so is the database of another tenant (design D8). */
function assertSameInstallation(store: Store, config: Config): void {
  const mine = `${config.lab.enabled ? 'lab' : 'production'} ${config.graph.tenantId.toLowerCase()}`;
  const theirs = store.write((w) => {
    const known = w.setting('installation');
    if (known === null) w.setSetting('installation', mine);
    return known ?? mine;
  });
  if (theirs === mine) return;
  throw new AppError({
    code: 'invalid',
    reason: 'OTHER_INSTALLATION',
    message: `The database in store.data_dir belongs to another installation (${theirs}); this one is ${mine}. Use another data directory.`,
  });
}
