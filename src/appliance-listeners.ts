import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionRow } from './domain/rows.ts';
import { type Listening, listen } from './net/listen.ts';
import type { Config } from './ops/config.ts';
import type { ListenerConfig } from './ops/config-record.ts';
import type { Events } from './ops/events.ts';
import { readSecret } from './ops/secrets.ts';
import { openAddress } from './sync/addresses.ts';
import { acceptHints, acceptLifecycle, addMailbox } from './sync/intake.ts';
import { type Identity, statusFacts } from './sync/status.ts';
import type { SyncDeps } from './sync/sync-deps.ts';
import { adminApp } from './web/admin-listener.ts';
import { commandApp } from './web/command-socket.ts';
import { publicApp } from './web/public-listener.ts';

export interface ListenerDeps {
  readonly config: Config;
  readonly deps: SyncDeps;
  readonly events: Events;
  readonly identity: Identity;
  readonly credentialsDirectory: string | undefined;
}

export interface Listeners {
  readonly adminUrl: string;
  readonly publicUrl: string | null;
  close(): Promise<void>;
}

interface Tls {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Opens the public listener (where webhooks are on), the admin listener and the command socket. */
export async function openListeners(parts: ListenerDeps): Promise<Listeners> {
  const { config, deps } = parts;
  const open: Listening[] = [];
  const fault = (error: unknown) => parts.events.fault('WEB', error);
  const admin = adminListener(parts, fault);
  const tls = tlsOf(config.web.admin, parts) ?? (await selfSigned(parts));
  const { listen: adminAt } = config.web.admin;
  const adminFetch = (request: Request, remoteAddress: string) => admin.fetch(request, { remoteAddress });
  const adminListening = await listen({ fetch: adminFetch, host: adminAt.host, port: adminAt.port, tls });
  open.push(adminListening);
  const notifications = deps.settings.webhooks === null ? null : await openPublic(parts);
  if (notifications !== null) open.push(notifications);
  const socket = commandListener(parts, fault);
  open.push(
    await listen({
      fetch: (request) => socket.fetch(request),
      socketPath: join(config.store.dataDir, 'command.sock'),
    }),
  );
  return {
    adminUrl: adminListening.url,
    publicUrl: notifications?.url ?? null,
    close: async () => {
      await Promise.all(open.map((one) => one.close()));
    },
  };
}

function openPublic(parts: ListenerDeps): Promise<Listening> {
  const { deps, events, config } = parts;
  const app = publicApp({
    tenantId: deps.settings.tenantId,
    subscription: (id) => deps.store.read((r) => r.subscription(id)),
    accept: (hints) => acceptHints(deps, hints),
    acceptLifecycle: (items) => acceptLifecycle(deps, items),
    count: (result, n) =>
      result === 'accepted' ? events.notificationAccepted(n) : events.notificationDropped(result, n),
  });
  const { host, port } = config.web.public.listen;
  return listen({ fetch: (request) => app.fetch(request), host, port, tls: tlsOf(config.web.public, parts) });
}

function adminListener({ deps, events, identity }: ListenerDeps, fault: (error: unknown) => void) {
  const { store, clock, random } = deps;
  return adminApp({
    clock,
    random,
    fault,
    status: () => statusFacts(deps, identity),
    ready: () => true,
    admins: { find: (name: string) => store.read((r) => r.admin(name)) },
    sessions: {
      get: (hash: Uint8Array) => store.read((r) => r.session(hash)),
      put: (row: SessionRow) => store.write((w) => w.putSession(row)),
      touch: (hash: Uint8Array, now: number) => store.write((w) => w.touchSession(hash, now)),
      delete: (hash: Uint8Array) => store.write((w) => w.deleteSession(hash)),
    },
    signedIn: (result) => events.signedIn(result),
  });
}

function commandListener({ deps, identity }: ListenerDeps, fault: (error: unknown) => void) {
  const { store, random } = deps;
  return commandApp({
    random,
    fault,
    addMailbox: (address, kind) => addMailbox(deps, address, kind),
    mailboxes: async () => {
      const rows = store.read((r) => r.mailboxes());
      return Promise.all(rows.map(async (row) => ({ ...row, address: await openAddress(deps, row) })));
    },
    setAdmin: async (name, passwordHash) => {
      store.write((w) => {
        w.putAdmin(name, passwordHash);
        w.deleteSessionsOf(name);
      });
    },
    status: () => statusFacts(deps, identity),
  });
}

/** The configured certificate; null when none is configured (plain HTTP behind a proxy, or self-signed). */
function tlsOf({ certFile, keyFile }: ListenerConfig, parts: ListenerDeps): Tls | null {
  if (certFile === null || keyFile === null || !existsSync(certFile)) return null;
  return {
    certPem: readFileSync(certFile, 'utf8'),
    keyPem: readSecret(keyFile, parts.credentialsDirectory).reveal(),
  };
}

async function selfSigned({ config, deps }: ListenerDeps): Promise<Tls> {
  // Its library takes as long to load as a fifth of the whole start; who configured a certificate never needs it.
  const { selfSignedCertificate } = await import('./ops/self-signed.ts');
  const { host } = config.web.admin.listen;
  const names = [...new Set(['localhost', '127.0.0.1', host])];
  return selfSignedCertificate({
    directory: join(config.store.dataDir, 'tls'),
    names,
    now: deps.clock.now(),
  });
}
