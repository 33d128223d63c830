import { readFileSync } from 'node:fs';
import { isSwitchedOn, originsOf, targetsOf } from './appliance-egress.ts';
import { asAppError, type Upstream } from './domain/app-error.ts';
import { type EgressHost, egressHosts } from './domain/egress.ts';
import type { KeyUpkeep } from './domain/key-port.ts';
import type {
  CalendarSource,
  Clock,
  KeyService,
  MeetingSink,
  Random,
  WebexDirectory,
} from './domain/ports.ts';
import type { WebexMeetings, WebexSpaces } from './domain/scheduling-ports.ts';
import { openCalendarSource } from './graph/calendar-source.ts';
import type { ClientCredential } from './graph/token.ts';
import { openKeyService } from './kms/key-service.ts';
import { HttpClient } from './net/http-client.ts';
import { Traffic } from './net/traffic.ts';
import { readClientCertificate } from './ops/client-certificate.ts';
import type { Config } from './ops/config.ts';
import { readSecret } from './ops/secrets.ts';
import { tokenFile } from './ops/token-file.ts';
import { AccessToken, type Refreshing } from './webex/access-token.ts';
import { openWebexDirectory } from './webex/directory.ts';
import { openEventStream } from './webex/event-stream.ts';
import { openMeetingSink } from './webex/ingest.ts';
import { openWebexMeetings } from './webex/meetings.ts';
import { openWebexSpaces } from './webex/spaces.ts';

const REVALIDATE_KEYS_MS = 60 * 60_000;
/** As many as jobs of the worker call at a time. */
const CONNECTIONS: Readonly<Record<Upstream, number>> = { graph: 16, kms: 16, webex: 112 };

export interface Adapters {
  readonly graph: CalendarSource;
  readonly kms: KeyService & KeyUpkeep;
  readonly webex: WebexDirectory;
  readonly meetings: WebexMeetings;
  readonly spaces: WebexSpaces;
  readonly sink: MeetingSink;
  /** When the certificate for Microsoft 365 ends, in epoch milliseconds; null with a secret, which does not tell. */
  readonly credentialEndsAt: number | null;
  /** When the appliance is shut out of Webex unless somebody acts, in epoch milliseconds; null when that is not known. */
  readonly webexTokenEndsAt: () => number | null;
  /** Every host that may be connected to, and how much it was used. */
  readonly egress: () => readonly EgressHost[];
  /** Registers the device and opens the event WebSocket; goes on trying in the background. */
  start(): void;
  close(): Promise<void>;
}

export interface AdapterDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentialsDirectory: string | undefined;
  /** An upstream answered. */
  readonly answered: (upstream: Upstream) => void;
  /** One HTTP exchange with an upstream has ended; the status is null when no answer came. */
  readonly exchanged: (upstream: Upstream, status: number | null, durationMs: number) => void;
  /** Why the event WebSocket is not there; it is tried again, and KMS answers come in the HTTP answer meanwhile. */
  readonly streamFault: (reason: string) => void;
  /** Why there is no new token for Webex; it is tried again while the old one lives. */
  readonly tokenFault: (reason: string) => void;
}

/** Builds the three adapters and their connections from the configuration; secrets are read here and stay in them. */
export function openAdapters(deps: AdapterDeps): Adapters {
  const { config, clock, random, answered } = deps;
  const secret = (file: string) => readSecret(file, deps.credentialsDirectory);
  const webexAnswered = (): void => answered('webex');
  const givenToken = secret(config.webex.tokenFile);
  const kmsToken = secret(config.kms.tokenFile);
  const { credential, endsAt: credentialEndsAt } = graphCredential(config, deps.credentialsDirectory);
  const targets = targetsOf(config);
  const traffic = trafficOn(clock);
  const webexOrigins = originsOf(targets, 'webex.ingest_url', 'webex.api_url', 'webex.wdm_url');
  const client = (upstream: Upstream, allowedOrigins: readonly string[], caFile: string | null): HttpClient =>
    new HttpClient({
      upstream,
      allowedOrigins,
      connections: CONNECTIONS[upstream],
      traffic: traffic[upstream],
      answered: (status, durationMs) => deps.exchanged(upstream, status, durationMs),
      ...pem(caFile),
    });
  const graphOrigins = originsOf(targets, 'graph.login_url', 'graph.graph_url');
  const graphHttp = client('graph', graphOrigins, config.graph.caFile);
  const kmsHttp = client('kms', originsOf(targets, 'kms.url'), config.kms.tlsCaFile);
  const webexHttp = client('webex', webexOrigins, config.webex.caFile);
  const webexToken = new AccessToken({
    http: webexHttp,
    apiUrl: config.webex.apiUrl,
    clock,
    random,
    given: () => givenToken.reveal(),
    refreshing: refreshing(config, deps.credentialsDirectory),
    fault: (error) => deps.tokenFault(error.reason),
    answered: webexAnswered,
  });
  const token = (): string => webexToken.token();
  const refused = (): void => webexToken.refused();
  const stream = openEventStream({
    http: webexHttp,
    wdmUrl: config.webex.wdmUrl,
    token,
    refused,
    clock,
    random,
    ...pem(config.webex.caFile),
    allowedOrigins: [...webexOrigins, ...originsOf(targets, 'webex.event_url')],
    traffic: traffic.webex,
    fault: (error) => deps.streamFault(asAppError(error).reason),
    answered: webexAnswered,
  });
  const keys = openKeyService({
    http: kmsHttp,
    url: config.kms.url,
    userId: config.kms.userId,
    // The service app may be known to the KMS by the same token, which then is as fresh there.
    token: config.kms.tokenFile === config.webex.tokenFile ? token : () => kmsToken.reveal(),
    clientId: () => stream.deviceUrl ?? `hybrid-calendar:${config.kms.userId}`,
    rootsPem: readFileSync(config.kms.caFile, 'utf8'),
    eventStream: stream,
    clock,
    random,
    maxOfflineMs: config.kms.maxOfflineMs,
    revalidateMs: REVALIDATE_KEYS_MS,
    answered: () => answered('kms'),
  });
  const graph = openCalendarSource({
    http: graphHttp,
    loginUrl: config.graph.loginUrl,
    graphUrl: config.graph.graphUrl,
    tenantId: config.graph.tenantId,
    clientId: config.graph.clientId,
    credential,
    clock,
    random,
  });
  const rest = { http: webexHttp, token, refused, clock, random };
  const api = { ...rest, apiUrl: config.webex.apiUrl };
  return {
    credentialEndsAt,
    egress: () =>
      egressHosts(
        targets,
        (upstream, origin) => traffic[upstream].of(origin),
        (name) => isSwitchedOn(config, name),
      ),
    webexTokenEndsAt: () => webexToken.endsAt(),
    graph: watched(graph, () => answered('graph')),
    kms: keys,
    webex: watched(openWebexDirectory(api), webexAnswered),
    meetings: watched(openWebexMeetings(api), webexAnswered),
    spaces: watched(openWebexSpaces(api), webexAnswered),
    sink: watched(openMeetingSink({ ...rest, ingestUrl: config.webex.ingestUrl }), webexAnswered),
    start: () => {
      webexToken.start();
      void stream.start();
    },
    close: async () => {
      keys.close();
      await stream.close();
      await webexToken.close();
      await Promise.all([graphHttp.close(), kmsHttp.close(), webexHttp.close()]);
    },
  };
}

/** The configuration has exactly one of secret and certificate. */
function graphCredential(
  { graph }: Config,
  credentialsDirectory: string | undefined,
): { readonly credential: ClientCredential; readonly endsAt: number | null } {
  const { clientSecretFile, clientCertificateFile, clientKeyFile } = graph;
  if (clientCertificateFile === null || clientKeyFile === null) {
    const secret = readSecret(clientSecretFile ?? '', credentialsDirectory).reveal();
    return { credential: { kind: 'secret', secret }, endsAt: null };
  }
  const files = { certFile: clientCertificateFile, keyFile: clientKeyFile, credentialsDirectory };
  const certificate = readClientCertificate(files);
  const { thumbprintSha256, chainPem, endsAt } = certificate;
  const keyPem = certificate.key.reveal();
  return { credential: { kind: 'certificate', thumbprintSha256, chainPem, keyPem }, endsAt };
}

/** The configuration has all three or none. */
function refreshing({ store, webex }: Config, credentialsDirectory: string | undefined): Refreshing | null {
  const { clientId, clientSecretFile, refreshTokenFile } = webex;
  if (clientId === null || clientSecretFile === null || refreshTokenFile === null) return null;
  const clientSecret = readSecret(clientSecretFile, credentialsDirectory);
  const given = readSecret(refreshTokenFile, credentialsDirectory);
  return {
    app: { clientId, clientSecret: () => clientSecret.reveal() },
    given: () => given.reveal(),
    keeper: tokenFile(store.dataDir, given),
  };
}

function trafficOn(clock: Clock): Readonly<Record<Upstream, Traffic>> {
  const counted = (): Traffic => new Traffic(() => clock.now());
  return { graph: counted(), kms: counted(), webex: counted() };
}

function pem(caFile: string | null): { caPem?: string } {
  return caFile === null ? {} : { caPem: readFileSync(caFile, 'utf8') };
}

/** The same port; every answer of the upstream behind it is reported. */
function watched<T extends object>(port: T, answered: () => void): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(member, target, args);
        answered();
        return result;
      };
    },
  });
}
