import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type AuditTrail, openAuditTrail } from './appliance-audit.ts';
import { COMMAND_LINE } from './domain/audit.ts';
import { done, ended } from './domain/audit-facts.ts';
import type { EgressHost } from './domain/egress.ts';
import { realClock } from './ops/clock.ts';
import type { Config } from './ops/config.ts';
import { diskUsage } from './ops/disk-usage.ts';
import type { Events } from './ops/events.ts';
import type { Metrics } from './ops/metrics.ts';
import { DATABASE_FILE } from './store/open.ts';
import { addMailbox } from './sync/add-mailbox.ts';
import { knownMailbox, openAddresses } from './sync/addresses.ts';
import { askRotation } from './sync/ask-rotation.ts';
import { setLead } from './sync/due-reminders.ts';
import { keyReport } from './sync/key-report.ts';
import { retryMailbox } from './sync/mailbox-health.ts';
import { syncMeasures } from './sync/measures.ts';
import { askRemoval } from './sync/remove-mailbox.ts';
import { askResync } from './sync/resync.ts';
import { healthFacts, type Identity, statusFacts, statusMark, statusOutline } from './sync/status.ts';
import type { SyncDeps } from './sync/sync-deps.ts';
import { askUndecoration } from './sync/undecorate.ts';
import { type AdminApp, adminApp } from './web/admin-listener.ts';
import { commandApp } from './web/command-socket.ts';
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

const NO_MAILBOX = { outcome: 'refused', reason: 'NO_SUCH_MAILBOX' } as const;
/** As many rows as a person reads. */
const MOST_TRACES = 200;

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

/** The command socket's answers. */
export function commandPart(parts: ListenerDeps, { app, setupLinks, trail }: AdminPart, adminUrl: string) {
  const { deps, events, identity } = parts;
  const { store, random, clock } = deps;
  return commandApp({
    random,
    fault: (error) => events.fault('WEB', error),
    addMailbox: (address, kind) =>
      trail.command(
        'mailbox.add',
        address,
        () => addMailbox(deps, address, kind),
        ({ id }) => ({ outcome: 'done', subject: { mailboxId: id } }),
      ),
    retryMailbox: async (address) => retryMailbox(deps, await knownMailbox(deps, address), COMMAND_LINE),
    removeMailbox: async (address) =>
      askRemoval(deps, await knownMailbox(deps, address), COMMAND_LINE) !== null,
    clock,
    findAdmin: (name) => store.read((r) => r.admin(name)),
    forgetMailbox: async (address) =>
      askRemoval(deps, await knownMailbox(deps, address), COMMAND_LINE, 'mailbox.forget'),
    exportMailbox: (address, admin) => trail.exportMailbox(address, admin),
    exportRefused: (reason, admin) => trail.exportRefused(reason, admin),
    auditHead: (first) => trail.export(first),
    auditRows: (first, limit) => trail.rows(first, limit),
    resyncMailbox: (address) =>
      trail.command(
        'mailbox.resync',
        address,
        async () => askResync(deps, address === null ? null : await knownMailbox(deps, address)),
        (isAsked) => (isAsked ? { outcome: 'done' } : NO_MAILBOX),
      ),
    resyncProgress: () => store.read((r) => r.resyncProgress()),
    setReminderLead: (address, leadMs) =>
      trail.command(
        'mailbox.set',
        address,
        async () => setLead(deps, await knownMailbox(deps, address), leadMs),
        (isSet) => (isSet ? { outcome: 'done' } : NO_MAILBOX),
      ),
    mailboxes: async () => {
      const addresses = await openAddresses(deps).catch(() => new Map<number, string>());
      return store
        .read((r) => r.mailboxes())
        .map((row) => ({ ...row, address: addresses.get(row.id) ?? null }));
    },
    traces: async (address, at) => {
      const mailboxId = await knownMailbox(deps, address);
      return store.read((r) =>
        r.mailbox(mailboxId) === null ? null : r.traceLines(mailboxId, at, MOST_TRACES),
      );
    },
    undecorate: async (address, dryRun) => {
      const mailboxId = address === null ? null : await knownMailbox(deps, address);
      const work = async (): Promise<number | null> =>
        mailboxId === 0 ? null : await askUndecoration(deps, mailboxId, dryRun);
      if (dryRun) return work();
      return trail.command('undecorate', address, work, (n) =>
        n === null ? NO_MAILBOX : { outcome: 'done' },
      );
    },
    keys: () => keyReport(deps),
    rotateKeys: (order) => trail.rotation(order, () => askRotation(deps, order)),
    setAdmin: async (name, passwordHash) => {
      store.write((w) => {
        w.putAdmin(name, passwordHash);
        w.deleteSessionsOf(name);
        const set = { actor: COMMAND_LINE, act: 'admin.set-password', subject: { about: name } } as const;
        w.addAudit(done(set, clock.now()));
      });
      app.endStreamsOf(name);
    },
    makeSetupLink: (reset) => {
      const token = setupLinks.make(reset);
      if (token === null) {
        const refused = { outcome: 'refused', reason: 'ADMIN_EXISTS' } as const;
        store.write((w) =>
          w.addAudit(ended({ actor: COMMAND_LINE, act: 'setup.link' }, clock.now(), refused)),
        );
        return null;
      }
      events.setupLink('made');
      return `${adminUrl}/setup#${token}`;
    },
    health: () => healthFacts(deps, identity),
    egress: parts.egress,
  });
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
