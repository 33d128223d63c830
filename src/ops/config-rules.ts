import { ruleFaults } from '../domain/join-target/rule-index.ts';
import { type ConfigKey, type ConfigValues, WORLDWIDE_GRAPH, WORLDWIDE_LOGIN } from './config-schema.ts';

/** Ends of host names and tenant domains of the clouds that this product is not made for (design D8). */
const NATIONAL_CLOUDS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)((microsoftonline|microsoft|onmicrosoft|azure|office365)\.us|usgovcloudapi\.net|login-us\.microsoftonline\.com)$/,
    'US Government',
  ],
  [
    /(^|\.)(partner\.microsoftonline|chinacloudapi|onmschina|partner\.onmschina|onmicrosoft|azure)\.cn$/,
    'China (21Vianet)',
  ],
  [/(^|\.)(microsoftonline|microsoft|onmicrosoft|cloudapi)\.de$/, 'Germany'],
  [/(^|\.)sovcloud-identity\.fr$/, 'France'],
  [/(^|\.)sovcloud-identity\.de$/, 'Germany'],
  [/(^|\.)sovcloud-identity\.sg$/, 'Singapore'],
];
/** Words of Microsoft’s sign-in in place of a tenant. */
const EVERY_TENANT = /^(common|organizations|consumers)$/i;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The values that could be read; a rule that misses one of its own says nothing, since that is reported already. */
export type ReadValues = Partial<ConfigValues>;

export interface RuleBreach {
  readonly key: ConfigKey;
  readonly problem: string;
  readonly allowed: string;
}

/** The name of the national cloud that a host or tenant domain belongs to; null for the worldwide one. */
export function nationalCloud(host: string): string | null {
  return NATIONAL_CLOUDS.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1] ?? null;
}

/** What can be said of a tenant that is none, or none that this appliance could serve (design D8); undefined for anything else. */
export function tenantFault(raw: string): string | undefined {
  const cloud = nationalCloud(raw);
  if (cloud !== null) return `belongs to the national cloud ${cloud}, which is not supported`;
  if (raw.trim().split(/[\s,;]+/).length > 1)
    return 'names more than one tenant: one appliance serves one, a second tenant needs one of its own';
  return EVERY_TENANT.test(raw) ? 'stands for every tenant: one appliance serves one' : undefined;
}

/** What contradicts itself across keys. */
export function contradictions(v: ReadValues): RuleBreach[] {
  return [
    ...webhookRule(v),
    ...settleRule(v),
    ...paceRule(v),
    ...credentialRule(v),
    ...pairRule(v, 'graph.client_certificate_file', 'graph.client_key_file'),
    ...pairRule(v, 'web.public.cert_file', 'web.public.key_file'),
    ...pairRule(v, 'web.admin.cert_file', 'web.admin.key_file'),
    ...rulePackRule(v),
    ...ownRulesRule(v),
    ...refreshRule(v),
    ...listenRule(v),
    ...cloudRule(v, 'graph.login_url', WORLDWIDE_LOGIN),
    ...cloudRule(v, 'graph.graph_url', WORLDWIDE_GRAPH),
  ];
}

function webhookRule(v: ReadValues): RuleBreach[] {
  if (v['sync.mode'] !== 'webhook' || v['web.public_url'] !== null) return [];
  const allowed = 'an address beginning with https://, or sync.mode = "auto" or "delta"';
  return [{ key: 'web.public_url', problem: 'is needed because sync.mode is "webhook"', allowed }];
}

function settleRule(v: ReadValues): RuleBreach[] {
  const [settle, max] = [v['sync.settle'], v['sync.settle_max']];
  if (settle === undefined || max === undefined || settle <= max) return [];
  return [
    { key: 'sync.settle_max', problem: 'is shorter than sync.settle', allowed: 'sync.settle or longer' },
  ];
}

function paceRule(v: ReadValues): RuleBreach[] {
  const [fast, slow] = [v['sync.delta_fast'], v['sync.delta_slow']];
  if (fast === undefined || slow === undefined || fast <= slow) return [];
  return [
    {
      key: 'sync.delta_slow',
      problem: 'is shorter than sync.delta_fast',
      allowed: 'sync.delta_fast or longer',
    },
  ];
}

/** Exactly one of secret and certificate (reference: graph.md 8.3). */
function credentialRule(v: ReadValues): RuleBreach[] {
  const [secret, ...certificate] = CREDENTIAL_KEYS.map((key) => v[key]);
  if (secret === undefined || certificate.includes(undefined)) return [];
  const withCertificate = certificate.some((file) => file !== null);
  if (secret !== null && withCertificate)
    return [{ key: CREDENTIAL_KEYS[0], problem: 'is set beside a certificate', allowed: EITHER }];
  if (secret !== null || withCertificate) return [];
  return [{ key: CREDENTIAL_KEYS[0], problem: 'is missing, and there is no certificate', allowed: EITHER }];
}

const CREDENTIAL_KEYS = [
  'graph.client_secret_file',
  'graph.client_certificate_file',
  'graph.client_key_file',
] as const;
const EITHER = `either ${CREDENTIAL_KEYS[0]}, or ${CREDENTIAL_KEYS[1]} with ${CREDENTIAL_KEYS[2]}`;

type FileKey = Extract<ConfigKey, `${string}.${'cert' | 'key' | 'client_certificate' | 'client_key'}_file`>;

function pairRule(v: ReadValues, certKey: FileKey, keyKey: FileKey): RuleBreach[] {
  const [cert, key] = [v[certKey], v[keyKey]];
  if (cert === undefined || key === undefined || (cert === null) === (key === null)) return [];
  const missing = cert === null ? certKey : keyKey;
  const other = cert === null ? keyKey : certKey;
  return [{ key: missing, problem: `is needed because ${other} is set`, allowed: 'both or none of the two' }];
}

/** A pack is taken only with the key that it must be signed by. */
function rulePackRule(v: ReadValues): RuleBreach[] {
  const [file, key] = [v['join_targets.rule_pack_file'], v['join_targets.rule_pack_key']];
  if (file === undefined || key === undefined || (file === null) === (key === null)) return [];
  const [missing, other] = file === null ? (['file', 'key'] as const) : (['key', 'file'] as const);
  const problem = `is needed because join_targets.rule_pack_${other} is set`;
  return [{ key: `join_targets.rule_pack_${missing}`, problem, allowed: 'both or none of the two' }];
}

function ownRulesRule(v: ReadValues): RuleBreach[] {
  const problems = ruleFaults(v['join_targets.rules'] ?? []).map(
    ({ provider, problem }) => `(${provider}) ${problem}`,
  );
  const allowed = 'templates and hosts as the README describes them';
  return problems.map((problem) => ({ key: 'join_targets.rules', problem, allowed }));
}
/** A token is refreshed with all three. */
function refreshRule(v: ReadValues): RuleBreach[] {
  const missing = REFRESH_KEYS.filter((key) => v[key] === null);
  if (REFRESH_KEYS.some((key) => v[key] === undefined) || missing.length === REFRESH_KEYS.length) return [];
  const problem = 'is needed to refresh the token, because others of the three are set';
  return missing.map((key) => ({ key, problem, allowed: `all or none of ${REFRESH_KEYS.join(', ')}` }));
}

const REFRESH_KEYS = ['webex.client_id', 'webex.client_secret_file', 'webex.refresh_token_file'] as const;

function listenRule(v: ReadValues): RuleBreach[] {
  const [open, admin] = [v['web.public.listen'], v['web.admin.listen']];
  if (open === undefined || admin === undefined || open.port === 0 || open.port !== admin.port) return [];
  const everywhere = [open.host, admin.host].some((host) => host === '0.0.0.0' || host === '::');
  if (open.host !== admin.host && !everywhere) return [];
  return [
    { key: 'web.admin.listen', problem: 'takes the same port as web.public.listen', allowed: 'another port' },
  ];
}

function cloudRule(
  v: ReadValues,
  key: 'graph.login_url' | 'graph.graph_url',
  worldwide: string,
): RuleBreach[] {
  const host = URL.parse(v[key] ?? '')?.hostname;
  if (host === undefined || v[key] === worldwide) return [];
  const cloud = nationalCloud(host);
  if (cloud !== null) {
    return [
      {
        key,
        problem: `belongs to the national cloud ${cloud}, which is not supported`,
        allowed: `"${worldwide}"`,
      },
    ];
  }
  const listed =
    LOOPBACK.test(host) || (v['lab.hosts'] ?? []).some((allowed) => allowed.toLowerCase() === host);
  if (v['lab.enabled'] === true && listed) return [];
  const allowed = `"${worldwide}"; another host only with lab.enabled = true, on loopback or named in lab.hosts`;
  return [{ key, problem: 'is not the worldwide Microsoft cloud', allowed }];
}
