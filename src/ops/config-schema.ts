import { EXISTING_TARGETS } from '../domain/decoration.ts';
import { JOIN_PARTS } from '../domain/join-block/join-details.ts';
import { JOIN_ORDER, OWN_RULES, signingKey } from './config-join-targets.ts';
import { keywordTable } from './config-scheduling.ts';
import {
  duration,
  type Field,
  flag,
  guid,
  httpsUrl,
  listen,
  oneOf,
  optional,
  path,
  text,
  words,
} from './config-values.ts';
import { language, someOf, textsByLanguage } from './join-block-values.ts';

export const WORLDWIDE_LOGIN = 'https://login.microsoftonline.com';
export const WORLDWIDE_GRAPH = 'https://graph.microsoft.com';

/** Every key of appliance.config.toml, in the order of the file. */
export const FIELDS = {
  'store.data_dir': path('the data directory', 'data'),

  'graph.tenant_id': guid('the directory (tenant) id'),
  'graph.client_id': guid('the application (client) id'),
  'graph.client_secret_file': optional(path('the file with the client secret')),
  'graph.client_certificate_file': optional(path('a PEM file with the certificate')),
  'graph.client_key_file': optional(path('a PEM file with its key')),
  'graph.login_url': httpsUrl('the address of the login service', WORLDWIDE_LOGIN),
  'graph.graph_url': httpsUrl('the address of Microsoft Graph', WORLDWIDE_GRAPH),
  'graph.ca_file': optional(path('a PEM file')),

  'sync.mode': oneOf(['auto', 'webhook', 'delta'], 'auto'),
  'sync.settle': duration('10s', '0s', '10m'),
  'sync.settle_max': duration('60s', '0s', '1h'),
  'sync.delta_fast': duration('60s', '1s', '1h'),
  'sync.delta_slow': duration('5m', '1s', '1h'),
  'sync.safety_net': duration('15m', '1s', '1h'),
  'sync.window_back': duration('7d', '0d', '90d'),
  'sync.window_ahead': duration('31d', '1d', '365d'),

  'kms.url': httpsUrl('the address of the KMS'),
  'kms.user_id': text('the UUID of the appliance’s own account'),
  'kms.token_file': path('the file with the token'),
  'kms.ca_file': path('a PEM file with the roots of the KMS’ identity'),
  'kms.tls_ca_file': optional(path('a PEM file')),
  'kms.max_offline': duration('24h', '0s', '7d'),

  'webex.ingest_url': httpsUrl('the address of the ingest service'),
  'webex.api_url': httpsUrl('the address of the Webex REST API with its version', 'https://webexapis.com/v1'),
  'webex.wdm_url': optional(httpsUrl('the address of the device service')),
  'webex.event_url': optional(httpsUrl('the address of the event WebSocket’s host')),
  'webex.token_file': path('the file with the token'),
  'webex.client_id': optional(text('the client id of the service app')),
  'webex.client_secret_file': optional(path('the file with the client secret')),
  'webex.refresh_token_file': optional(path('the file with the refresh token')),
  'webex.ca_file': optional(path('a PEM file')),
  'webex.field_encryption': oneOf(['A256GCM', 'XC20P'], 'A256GCM'),

  'web.public_url': optional(httpsUrl('the address under which Microsoft reaches web.public')),
  'web.public.listen': listen('0.0.0.0:8443'),
  'web.public.cert_file': optional(path('a PEM file with the certificate chain')),
  'web.public.key_file': optional(path('a PEM file with the key')),
  'web.admin.listen': listen('127.0.0.1:9443'),
  'web.admin.cert_file': optional(path('a PEM file with the certificate chain')),
  'web.admin.key_file': optional(path('a PEM file with the key')),

  'scheduling.existing_target': oneOf(EXISTING_TARGETS, 'keep'),
  'scheduling.share_title': flag(false),
  'scheduling.share_people': flag(false),
  'scheduling.keywords': keywordTable(),

  'join_targets.order': JOIN_ORDER,
  'join_targets.rule_pack_file': optional(path('a signed rule pack')),
  'join_targets.rule_pack_key': optional(signingKey()),
  'join_targets.rules': OWN_RULES,

  'reminder.lead': duration('5m', '0s', '30m'),

  'presence.poll': duration('10m', '1s', '1h'),

  'keys.rotation': duration('30d', '1d', '365d'),

  'join_block.parts': someOf(JOIN_PARTS),
  'join_block.language': optional(language('en')),
  'join_block.fallback_language': language('en'),
  'join_block.headers': textsByLanguage('the header'),
  'join_block.footers': textsByLanguage('the footer'),

  'log.level': oneOf(['error', 'warn', 'info', 'debug'], 'info'),

  'lab.enabled': flag(false),
  'lab.hosts': words('a list of host names, e.g. ["lab.example.com"]'),
} as const satisfies Readonly<Record<string, Field<unknown>>>;

export type ConfigKey = keyof typeof FIELDS;

/** What the keys hold after reading: milliseconds, addresses, null for none. */
export type ConfigValues = {
  readonly [K in ConfigKey]: (typeof FIELDS)[K] extends Field<infer T> ? T : never;
};

export const CONFIG_KEYS: readonly ConfigKey[] = Object.keys(FIELDS) as ConfigKey[];

export function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(FIELDS, key);
}
