import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { adminPart, type ListenerDeps } from './appliance-admin.ts';
import { commandPart } from './appliance-commands.ts';
import { type Listening, listen } from './net/listen.ts';
import { readCertificatePair } from './ops/certificate-files.ts';
import type { ListenerConfig } from './ops/config-record.ts';
import { acceptHints, acceptLifecycle } from './sync/intake.ts';
import { publicApp } from './web/public-listener.ts';

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
  const adminTls = tlsOf(config.web.admin, parts) ?? (await selfSigned(parts));
  const publicTls = deps.settings.webhooks === null ? null : tlsOf(config.web.public, parts);
  const admin = adminPart(parts, endsOf({ admin: adminTls, public: publicTls }));
  const adminListening = await listen({
    fetch: (request, remoteAddress) => admin.app.fetch(request, { remoteAddress }),
    ...config.web.admin.listen,
    tls: adminTls,
  });
  const open: Listening[] = [adminListening];
  const notifications = deps.settings.webhooks === null ? null : await openPublic(parts, publicTls);
  if (notifications !== null) open.push(notifications);
  const commands = commandPart(parts, admin, adminListening.url);
  open.push(
    await listen({
      fetch: (request) => commands.fetch(request),
      socketPath: join(config.store.dataDir, 'command.sock'),
    }),
  );
  return {
    adminUrl: adminListening.url,
    publicUrl: notifications?.url ?? null,
    close: async () => {
      // Event streams would hold the listener open until its patience ends.
      admin.app.close();
      await Promise.all(open.map((one) => one.close()));
    },
  };
}

function openPublic(parts: ListenerDeps, tls: Tls | null): Promise<Listening> {
  const { deps, events, config } = parts;
  const app = publicApp({
    tenantId: deps.settings.tenantId,
    clock: deps.clock,
    subscription: (id) => deps.store.read((r) => r.subscription(id)),
    accept: (hints) => acceptHints(deps, hints),
    acceptLifecycle: (items) => acceptLifecycle(deps, items),
    count: (result, n) =>
      result === 'accepted' ? events.notificationAccepted(n) : events.notificationDropped(result, n),
    answered: (durationMs) => events.notificationAnswered(durationMs),
  });
  const { host, port } = config.web.public.listen;
  return listen({ fetch: (request) => app.fetch(request), host, port, tls });
}

/** The configured certificate; null when none is configured (plain HTTP behind a proxy, or self-signed). */
function tlsOf({ certFile, keyFile }: ListenerConfig, parts: ListenerDeps): Tls | null {
  if (certFile === null || keyFile === null) return null;
  const { credentialsDirectory } = parts;
  const { chainPem, key } = readCertificatePair({ certFile, keyFile, credentialsDirectory });
  return { certPem: chainPem, keyPem: String(key.export({ type: 'pkcs8', format: 'pem' })) };
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

/** When the certificates of the listeners end. */
function endsOf(certificates: Readonly<Record<string, Tls | null>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(certificates).flatMap(([name, tls]) =>
      tls === null ? [] : [[name, new X509Certificate(tls.certPem).validToDate.getTime()]],
    ),
  );
}
