import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type AuditTrail, openAuditTrail } from './appliance-audit.ts';
import { COMMAND_LINE } from './domain/audit.ts';
import { done } from './domain/audit-facts.ts';
import type { EgressHost } from './domain/egress.ts';
import { realClock } from './ops/clock.ts';
import type { Config } from './ops/config.ts';
import { diskUsage } from './ops/disk-usage.ts';
import type { Events } from './ops/events.ts';
import type { Metrics } from './ops/metrics.ts';
import { DATABASE_FILE } from './store/open.ts';
import { retryMailbox } from './sync/mailbox-health.ts';
import { syncMeasures } from './sync/measures.ts';
import { healthFacts, type Identity, statusFacts, statusMark, statusOutline } from './sync/status.ts';
import type { SyncDeps } from './sync/sync-deps.ts';
import { type AdminApp, adminApp } from './web/admin-listener.ts';
import { type SetupLinkStore, SetupLinks } from './web/setup-links.ts';

export interface ListenerDeps {
  readonly config: Config;
  readonly deps: SyncDeps;
  readonly events: Events;
  readonly metrics: Metrics;
  readonly identity: Identity;
  /** Every host that may be connected to, and how much it was used. */
  readonly egress: () => readonly EgressHost[];
  readonly credentialsDirectory: string | undefined;
  /** Fires when the appliance begins to stop: from then on it is not ready. */
  readonly stopping: AbortSignal;
}

/** The admin listener's answers, and what the command socket shares with them. */
export interface AdminPart {
  readonly app: AdminApp;
  readonly setupLinks: SetupLinks;
  readonly trail: AuditTrail;
}

/** `certificatesEndAt`: when the listeners' certificates end. */
export function adminPart(parts: ListenerDeps, certificatesEndAt: ReadonlyMap<string, number>): AdminPart {
  const { deps, events, identity } = parts;
  const { store, clock, random } = deps;
  // A page must be kept up to date also while the clock of a laboratory stands still.
  const wall = realClock();
  const trail = openAuditTrail(deps);
  const setupLinks = new SetupLinks({ clock, random, setup: setupStore(parts) });
  const app = adminApp({
    clock,
    random,
    setupLinks,
    lab: identity.lab,
    pause: (ms, signal) => wall.sleep(ms, signal),
    fault: (error) => events.fault('WEB', error),
    status: () => statusFacts(deps, identity),
    outline: () => statusOutline(deps, identity),
    statusMark: () => statusMark(deps),
    health: () => healthFacts(deps, identity),
    retryMailbox: (id, actor) => retryMailbox(deps, id, actor),
    joinRules: () => deps.settings.joinRules,
    egress: parts.egress,
    metrics: metricsOf(parts, certificatesEndAt),
    ready: () =>
      !parts.stopping.aborted && !store.read((r) => r.alarms()).some(({ id }) => id === 'disk-full'),
    admins: {
      find: (name) => store.read((r) => r.admin(name)),
      any: () => store.read((r) => r.adminCount()) > 0,
    },
    sessions: {
      get: (hash) => store.read((r) => r.session(hash)),
      put: (row) => store.write((w) => w.putSession(row)),
      touch: (hash, now) => store.write((w) => w.touchSession(hash, now)),
      delete: (hash) => store.write((w) => w.deleteSession(hash)),
    },
    signedIn: (result, attempt) => {
      events.signedIn(result);
      trail.signedIn(result, attempt);
    },
    signedOut: (actor) => trail.signedOut(actor),
    auditLog: () => trail.shown(),
    setupLink: (result, from) => {
      events.setupLink(result);
      if (result !== 'used') trail.setupRefused(result, from);
    },
  });
  return { app, setupLinks, trail };
}

function metricsOf(parts: ListenerDeps, certificatesEndAt: ReadonlyMap<string, number>) {
  const { config, deps, identity, metrics } = parts;
  const { credentialEndsAt } = deps.settings;
  const secretsEndAt = new Map(
    credentialEndsAt === null ? [] : [['graph.client_certificate_file', credentialEndsAt]],
  );
  const databaseFile = join(config.store.dataDir, DATABASE_FILE);
  return () =>
    metrics.exposition({
      ...syncMeasures(deps, identity),
      disk: diskUsage(databaseFile),
      secretsEndAt,
      certificatesEndAt,
    });
}

function setupStore({ deps: { store, clock } }: ListenerDeps): SetupLinkStore {
  return {
    link: () => store.read((r) => r.setupLink()),
    putLink: (row) =>
      store.write((w) => {
        w.putSetupLink(row);
        w.addAudit(done({ actor: COMMAND_LINE, act: 'setup.link' }, clock.now()));
      }),
    anyAdmin: () => store.read((r) => r.adminCount()) > 0,
    redeem: (tokenHash, name, passwordHash, from) =>
      store.write((w) => {
        const link = w.setupLink();
        if (link === null || !timingSafeEqual(link.tokenHash, tokenHash)) return false;
        if (!link.reset && w.adminCount() > 0) return false;
        w.deleteSetupLink();
        w.putAdmin(name, passwordHash);
        w.deleteSessionsOf(name);
        const used = { actor: { who: name, from }, act: 'setup.use', subject: { about: name } } as const;
        w.addAudit(done(used, clock.now()));
        return true;
      }),
  };
}
