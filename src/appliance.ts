import { type Adapters, openAdapters } from './appliance-adapters.ts';
import { type Listeners, openListeners } from './appliance-listeners.ts';
import { AppError } from './domain/app-error.ts';
import type { Clock, Random } from './domain/ports.ts';
import type { Store } from './domain/store-port.ts';
import type { Config } from './ops/config.ts';
import { type Events, openEvents } from './ops/events.ts';
import type { Logger } from './ops/log.ts';
import { openMetrics } from './ops/metrics.ts';
import { buildFacts, VERSION } from './ops/version.ts';
import { sodiumReady } from './seal/sodium.ts';
import { openStore } from './store/open.ts';
import { HANDLERS, seedJobs } from './sync/start.ts';
import type { SyncDeps, SyncSettings } from './sync/sync-deps.ts';
import { alarmsOf, Upstreams } from './sync/upstreams.ts';
import { Worker } from './sync/worker.ts';

export interface ApplianceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** systemd's `$CREDENTIALS_DIRECTORY`, where there is one. */
  readonly credentialsDirectory: string | undefined;
}

export interface Appliance {
  readonly adminUrl: string;
  readonly publicUrl: string | null;
  /** Ordered stop: no new work, running jobs end, listeners close, the database closes. */
  stop(reason: string): Promise<void>;
}

/** The composition root: builds every part and starts them in order. Throws AppError when the appliance can't start. */
export async function startAppliance(options: ApplianceOptions): Promise<Appliance> {
  const { config, clock, random } = options;
  await sodiumReady();
  const store = openStore({ dataDir: config.store.dataDir, clock, random });
  try {
    assertSameInstallation(store, config);
    return await compose(options, store);
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

async function compose(options: ApplianceOptions, store: Store): Promise<Appliance> {
  const { config, clock, random } = options;
  const metrics = openMetrics(buildFacts(store.read((r) => r.engineVersion())));
  const events = openEvents(options.log, metrics);
  const upstreams = watchUpstreams(options, events, store);
  const adapters = openAdapters({
    ...options,
    answered: (upstream) => upstreams.succeeded(upstream),
    exchanged: (upstream, status, durationMs) => events.upstreamAnswered({ upstream, status, durationMs }),
    streamFault: (reason) => events.eventStreamLost(reason),
  });
  let wake = (): void => undefined;
  const deps: SyncDeps = {
    ...adapters,
    settings: settingsOf(config, adapters.credentialEndsAt),
    store,
    clock,
    random,
    events,
    upstreams,
    wake: () => wake(),
  };
  const worker = new Worker(deps, HANDLERS);
  wake = () => worker.wake();
  const identity = { version: VERSION, startedAt: clock.now(), lab: config.lab.enabled };
  const listeners = await openListeners({
    config,
    deps,
    events,
    metrics,
    identity,
    credentialsDirectory: options.credentialsDirectory,
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
    stop: (reason) => stop(reason, { events, listeners, worker, adapters, store }),
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

function watchUpstreams(options: ApplianceOptions, events: Events, store: Store): Upstreams {
  const { clock, random } = options;
  return new Upstreams(clock, random, ({ upstream, alarm, reason }) => {
    const now = clock.now();
    if (alarm === null) events.upstreamBack({ upstream, reason });
    else events.upstreamPaused({ upstream, reason });
    store.write((w) => {
      if (alarm !== null && w.raiseAlarm(alarm, '', reason, now))
        events.alarmRaised({ id: alarm, subject: '', reason });
      for (const id of alarm === null ? alarmsOf(upstream) : []) {
        if (w.clearAlarm(id, '')) events.alarmCleared({ id, subject: '', reason });
      }
    });
  });
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
    windowBackMs: sync.windowBackDays * 86_400_000,
    windowAheadMs: sync.windowAheadDays * 86_400_000,
    keyRotationMs: config.keys.rotationMs,
    fieldEncryption: config.webex.fieldEncryption,
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
