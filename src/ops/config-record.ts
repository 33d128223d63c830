import { resolve } from 'node:path';
import type { SchedulingSettings } from '../domain/decoration.ts';
import type { JoinBlockSettings } from '../domain/join-block/join-details.ts';
import type { JoinSource } from '../domain/join-target/join-source.ts';
import type { ProviderRules } from '../domain/join-target/rule-pack.ts';
import type { Keywords } from '../domain/keyword.ts';
import type { ConfigValues } from './config-schema.ts';
import type { ListenAddress } from './config-values.ts';

const DAY_MS = 86_400_000;

export interface ListenerConfig {
  readonly listen: ListenAddress;
  /** PEM files; both or none. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

/** The whole configuration. Paths are absolute, durations milliseconds, addresses without a final slash. */
export interface Config {
  readonly store: { readonly dataDir: string };
  readonly graph: {
    /** Lower-case GUID, as `clientId`. */
    readonly tenantId: string;
    readonly clientId: string;
    /** Null when a certificate is used in its place. */
    readonly clientSecretFile: string | null;
    /** PEM files; both or none. */
    readonly clientCertificateFile: string | null;
    readonly clientKeyFile: string | null;
    readonly loginUrl: string;
    readonly graphUrl: string;
    readonly caFile: string | null;
  };
  readonly sync: {
    readonly mode: 'auto' | 'webhook' | 'delta';
    readonly settleMs: number;
    readonly settleMaxMs: number;
    readonly deltaFastMs: number;
    readonly deltaSlowMs: number;
    readonly safetyNetMs: number;
    readonly windowBackDays: number;
    readonly windowAheadDays: number;
  };
  readonly kms: {
    readonly url: string;
    readonly userId: string;
    readonly tokenFile: string;
    /** Roots of the KMS' own identity (its static key's chain), not of TLS. */
    readonly caFile: string;
    readonly tlsCaFile: string | null;
    readonly maxOfflineMs: number;
  };
  readonly webex: {
    readonly ingestUrl: string;
    readonly apiUrl: string;
    readonly wdmUrl: string | null;
    /** Another origin that the event WebSocket may be at; `wss` counts as `https`. */
    readonly eventUrl: string | null;
    readonly tokenFile: string;
    /** All three or none: without them the token is used until it ends. */
    readonly clientId: string | null;
    readonly clientSecretFile: string | null;
    readonly refreshTokenFile: string | null;
    readonly caFile: string | null;
    readonly fieldEncryption: 'A256GCM' | 'XC20P';
  };
  readonly web: {
    readonly publicUrl: string | null;
    /** Plain HTTP behind a proxy when it has no certificate. */
    readonly public: ListenerConfig;
    /** Always TLS: self-signed when it has no certificate. */
    readonly admin: ListenerConfig;
  };
  readonly joinTargets: {
    readonly order: readonly JoinSource[];
    /** A rule pack that stands in for the one inside the program; null for that one. */
    readonly rulePack: { readonly file: string; readonly key: Uint8Array } | null;
    readonly rules: readonly ProviderRules[];
    /** From the section `scheduling`. */
    readonly keywords: Keywords;
  };
  readonly reminder: { readonly leadMs: number };
  readonly scheduling: SchedulingSettings;
  readonly presence: { readonly pollMs: number };
  readonly keys: { readonly rotationMs: number };
  readonly joinBlock: JoinBlockSettings;
  readonly log: { readonly level: 'error' | 'warn' | 'info' | 'debug' };
  readonly lab: { readonly enabled: boolean; readonly hosts: readonly string[] };
}

/** Builds the frozen record; relative paths start at `folder`. */
export function configFrom(v: ConfigValues, folder: string): Config {
  const file = (path: string): string => resolve(folder, path);
  return deepFreeze({
    store: { dataDir: file(v['store.data_dir']) },
    graph: graphFrom(v, file),
    sync: {
      mode: v['sync.mode'],
      settleMs: v['sync.settle'],
      settleMaxMs: v['sync.settle_max'],
      deltaFastMs: v['sync.delta_fast'],
      deltaSlowMs: v['sync.delta_slow'],
      safetyNetMs: v['sync.safety_net'],
      windowBackDays: v['sync.window_back'] / DAY_MS,
      windowAheadDays: v['sync.window_ahead'] / DAY_MS,
    },
    kms: kmsFrom(v, file),
    webex: webexFrom(v, file),
    web: webFrom(v, file),
    joinTargets: joinTargetsFrom(v, file),
    reminder: { leadMs: v['reminder.lead'] },
    scheduling: {
      existingTarget: v['scheduling.existing_target'],
      sharing: { title: v['scheduling.share_title'], people: v['scheduling.share_people'] },
    },
    presence: { pollMs: v['presence.poll'] },
    keys: { rotationMs: v['keys.rotation'] },
    joinBlock: {
      parts: v['join_block.parts'],
      language: v['join_block.language'],
      fallbackLanguage: v['join_block.fallback_language'],
      headers: v['join_block.headers'],
      footers: v['join_block.footers'],
    },
    log: { level: v['log.level'] },
    lab: { enabled: v['lab.enabled'], hosts: v['lab.hosts'] },
  });
}

type ToFile = (path: string) => string;

function graphFrom(v: ConfigValues, file: ToFile): Config['graph'] {
  return {
    tenantId: v['graph.tenant_id'],
    clientId: v['graph.client_id'],
    clientSecretFile: fileOrNone(v['graph.client_secret_file'], file),
    clientCertificateFile: fileOrNone(v['graph.client_certificate_file'], file),
    clientKeyFile: fileOrNone(v['graph.client_key_file'], file),
    loginUrl: v['graph.login_url'],
    graphUrl: v['graph.graph_url'],
    caFile: fileOrNone(v['graph.ca_file'], file),
  };
}

function kmsFrom(v: ConfigValues, file: ToFile): Config['kms'] {
  return {
    url: v['kms.url'],
    userId: v['kms.user_id'],
    tokenFile: file(v['kms.token_file']),
    caFile: file(v['kms.ca_file']),
    tlsCaFile: fileOrNone(v['kms.tls_ca_file'], file),
    maxOfflineMs: v['kms.max_offline'],
  };
}

function webexFrom(v: ConfigValues, file: ToFile): Config['webex'] {
  return {
    ingestUrl: v['webex.ingest_url'],
    apiUrl: v['webex.api_url'],
    wdmUrl: v['webex.wdm_url'],
    eventUrl: v['webex.event_url'],
    tokenFile: file(v['webex.token_file']),
    clientId: v['webex.client_id'],
    clientSecretFile: fileOrNone(v['webex.client_secret_file'], file),
    refreshTokenFile: fileOrNone(v['webex.refresh_token_file'], file),
    caFile: fileOrNone(v['webex.ca_file'], file),
    fieldEncryption: v['webex.field_encryption'],
  };
}

function webFrom(v: ConfigValues, file: ToFile): Config['web'] {
  const listener = (name: 'public' | 'admin'): ListenerConfig => ({
    listen: v[`web.${name}.listen`],
    certFile: fileOrNone(v[`web.${name}.cert_file`], file),
    keyFile: fileOrNone(v[`web.${name}.key_file`], file),
  });
  return { publicUrl: v['web.public_url'], public: listener('public'), admin: listener('admin') };
}

function joinTargetsFrom(v: ConfigValues, file: ToFile): Config['joinTargets'] {
  const [packFile, key] = [v['join_targets.rule_pack_file'], v['join_targets.rule_pack_key']];
  const rulePack = packFile === null || key === null ? null : { file: file(packFile), key };
  return {
    order: v['join_targets.order'],
    rulePack,
    rules: v['join_targets.rules'],
    keywords: v['scheduling.keywords'],
  };
}

function fileOrNone(path: string | null, file: ToFile): string | null {
  return path === null ? null : file(path);
}

function deepFreeze<T extends object>(record: T): T {
  // The bytes of an array can't be frozen.
  for (const member of Object.values(record))
    if (typeof member === 'object' && member !== null && !ArrayBuffer.isView(member)) deepFreeze(member);
  return Object.freeze(record);
}
