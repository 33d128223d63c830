import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblems, loadConfig } from '../../src/ops/config.ts';
import { configLines } from '../../src/ops/config-lines.ts';
import { brief, configOf, FILE, GOOD, HEAD, problemsOf } from './config-sample.ts';

test('reads a short file into absolute paths, milliseconds and defaults', () => {
  const config = configOf(GOOD);
  assert.equal(config.graph.tenantId, '0a000000-0000-4000-8000-000000000001');
  assert.equal(config.graph.clientSecretFile, '/etc/hybrid-calendar/secret');
  assert.equal(config.graph.loginUrl, 'https://login.microsoftonline.com');
  assert.equal(config.kms.url, 'https://kms.example.com');
  assert.equal(config.kms.tokenFile, '/run/token');
  assert.equal(config.kms.tlsCaFile, null);
  assert.equal(config.kms.maxOfflineMs, 86_400_000);
  const sync = {
    mode: 'auto',
    settleMs: 10_000,
    settleMaxMs: 60_000,
    deltaFastMs: 60_000,
    deltaSlowMs: 300_000,
    safetyNetMs: 900_000,
    windowBackDays: 7,
    windowAheadDays: 31,
  };
  assert.deepEqual(config.sync, sync);
  assert.deepEqual(config.web.admin, {
    listen: { host: '127.0.0.1', port: 9443 },
    certFile: null,
    keyFile: null,
  });
  assert.equal(config.keys.rotationMs, 30 * 86_400_000);
});

test('takes a certificate in place of the secret', () => {
  const pair = 'client_certificate_file = "c.pem"\nclient_key_file = "/run/k.pem"';
  const { graph } = configOf(GOOD.replace('client_secret_file = "secret"', pair));
  assert.equal(graph.clientSecretFile, null);
  assert.equal(graph.clientCertificateFile, '/etc/hybrid-calendar/c.pem');
  assert.equal(graph.clientKeyFile, '/run/k.pem');
});

test('freezes the record to its depths', () => {
  const config = configOf(GOOD);
  assert.ok([config, config.web, config.web.admin.listen, config.lab.hosts].every(Object.isFrozen));
});

test('lets the environment win over the file', () => {
  const config = configOf(`${GOOD}[log]\nlevel = "error"\n`, {
    HYBRID_CALENDAR_LOG__LEVEL: 'debug',
    HYBRID_CALENDAR_WEB__PUBLIC__LISTEN: '[::1]:0',
    HYBRID_CALENDAR_LAB__ENABLED: 'true',
    HYBRID_CALENDAR_LAB__HOSTS: 'a.example.com, b.example.com',
    HYBRID_CALENDAR_CONFIG: '/elsewhere',
    PATH: '/bin',
  });
  assert.equal(config.log.level, 'debug');
  assert.deepEqual(config.web.public.listen, { host: '::1', port: 0 });
  assert.deepEqual(config.lab, { enabled: true, hosts: ['a.example.com', 'b.example.com'] });
});

type Case = readonly [
  fact: string,
  toml: string,
  problems: readonly (readonly [number | null, string, RegExp])[],
];

const CASES: readonly Case[] = [
  [
    'a missing key at its section',
    GOOD.replace(/client_id.*\n/, ''),
    [[1, 'graph.client_id', /^is missing$/]],
  ],
  [
    'a missing section',
    GOOD.replace(/\[webex\][\s\S]*$/, ''),
    [
      [null, 'webex.ingest_url', /^is missing$/],
      [null, 'webex.token_file', /^is missing$/],
    ],
  ],
  ['a wrong type', `${GOOD}[sync]\nsettle = 10\n`, [[HEAD + 2, 'sync.settle', /not a duration/]]],
  ['a missing unit', `${GOOD}[sync]\nsettle = "10"\n`, [[HEAD + 2, 'sync.settle', /unit/]]],
  ['a value out of range', `${GOOD}[sync]\nsettle = "11m"\n`, [[HEAD + 2, 'sync.settle', /out of range/]]],
  [
    'a word that is not allowed',
    `${GOOD}[log]\nlevel = "loud"\n`,
    [[HEAD + 2, 'log.level', /allowed words/]],
  ],
  [
    'a flag in quotes',
    `${GOOD}[lab]\nenabled = "yes"\n`,
    [[HEAD + 2, 'lab.enabled', /neither true nor false/]],
  ],
  [
    'a port out of range',
    `${GOOD}[web.admin]\nlisten = "127.0.0.1:70000"\n`,
    [[HEAD + 2, 'web.admin.listen', /above 65535/]],
  ],
  [
    'a listener without port',
    `${GOOD}[web.admin]\nlisten = "127.0.0.1"\n`,
    [[HEAD + 2, 'web.admin.listen', /not host:port/]],
  ],
  [
    'a public address without TLS',
    `${GOOD}[web]\npublic_url = "http://x.example.com"\n`,
    [[HEAD + 2, 'web.public_url', /https/]],
  ],
  ['a misspelt key', `${GOOD}[sync]\nsetle = "1s"\n`, [[HEAD + 2, 'sync.setle', /not a known key/]]],
  ['an unknown section', `${GOOD}[sink]\nmode = "auto"\n`, [[HEAD + 1, 'sink', /not a known key/]]],
  [
    'an inline secret',
    GOOD.replace('client_secret_file = "secret"', 'client_secret = "hunter2"'),
    [
      [1, 'graph.client_secret_file', /^is missing, and there is no certificate$/],
      [4, 'graph.client_secret', /is a secret/],
    ],
  ],
  [
    'a secret in place of its path',
    GOOD.replace('"secret"', '"-----BEGIN PRIVATE KEY-----"'),
    [[4, 'graph.client_secret_file', /holds the secret itself/]],
  ],
  [
    'webhooks without a public address',
    `${GOOD}[sync]\nmode = "webhook"\n`,
    [[null, 'web.public_url', /needed because sync.mode/]],
  ],
  [
    'a settling time beyond its end',
    `${GOOD}[sync]\nsettle = "2m"\nsettle_max = "1m"\n`,
    [[HEAD + 3, 'sync.settle_max', /shorter/]],
  ],
  [
    'a certificate without key',
    `${GOOD}[web.public]\ncert_file = "c.pem"\n`,
    [[HEAD + 1, 'web.public.key_file', /needed because web.public.cert_file/]],
  ],
  [
    'a secret beside a certificate',
    GOOD.replace('[kms]', 'client_certificate_file = "c.pem"\nclient_key_file = "k.pem"\n[kms]'),
    [[4, 'graph.client_secret_file', /^is set beside a certificate$/]],
  ],
  [
    'a client certificate without key, beside a secret: both at once',
    GOOD.replace('[kms]', 'client_certificate_file = "c.pem"\n[kms]'),
    [
      [4, 'graph.client_secret_file', /^is set beside a certificate$/],
      [1, 'graph.client_key_file', /needed because graph.client_certificate_file/],
    ],
  ],
  [
    'a client key without certificate',
    GOOD.replace('client_secret_file = "secret"', 'client_key_file = "k.pem"'),
    [[1, 'graph.client_certificate_file', /needed because graph.client_key_file/]],
  ],
  [
    'two listeners on one port',
    `${GOOD}[web.public]\nlisten = "0.0.0.0:9443"\n`,
    [[null, 'web.admin.listen', /same port/]],
  ],
  ['a line that is no TOML', `${GOOD}[lab\n`, [[HEAD + 1, '', /not valid TOML/]]],
];

for (const [fact, toml, expected] of CASES) {
  test(`names ${fact}`, () => {
    const problems = problemsOf(toml).filter((p) => expected.some(([, key]) => key === p.key));
    assert.deepEqual(
      brief(problems)
        .map(([line, key]) => [line, key])
        .sort(),
      expected.map(([line, key]) => [line, key]).sort(),
    );
    for (const [, key, pattern] of expected) {
      assert.match(problems.find((p) => p.key === key)?.problem ?? '', pattern);
    }
    assert.ok(problems.every((p) => p.file === FILE));
    assert.doesNotMatch(formatProblems(problems), /hunter2|BEGIN/);
  });
}

test('reports all problems at once, in the order of the file, with what is allowed', () => {
  const toml = `${GOOD.replace('tenant_id', 'tennant_id')}[sync]\nmode = "push"\nsettle = "1y"\n`;
  const text = formatProblems(problemsOf(toml, { HYBRID_CALENDAR_LOG__LEVEL: 'x' }));
  const lines = text.split('\n');
  assert.equal(lines.length, 5);
  assert.match(lines[0] ?? '', /config\.toml:1: graph\.tenant_id is missing\. Allowed: .*0123/);
  assert.match(lines[1] ?? '', /config\.toml:2: graph\.tennant_id .*did you mean graph\.tenant_id\?/);
  assert.match(lines[2] ?? '', /:14: sync\.mode .* Allowed: "auto", "webhook", "delta"\./);
  assert.match(lines[3] ?? '', /:15: sync\.settle .* from "0s" to "10m"/);
  assert.match(lines[4] ?? '', /^HYBRID_CALENDAR_LOG__LEVEL: log\.level/);
});

test('finds keys behind dotted names, quotes and texts over several lines', () => {
  const toml = 'a.b = 1\n["x"]\nlong = """\nfake = 2\n"""\n y."z" = 3 # = \n[[list]]\nn = 1\n';
  assert.deepEqual(Object.fromEntries(configLines(toml)), {
    'a.b': 1,
    x: 2,
    'x.long': 3,
    'x.y.z': 6,
    list: 7,
    'list.n': 8,
  });
});

test('says that the file can not be read', () => {
  const read = () => {
    throw new Error('ENOENT');
  };
  const loaded = loadConfig({ file: FILE, env: {}, read });
  assert.match('problems' in loaded ? formatProblems(loaded.problems) : '', /can’t be read/);
});

test('refreshes the token of the service app with all three keys or not at all', () => {
  const webex = (lines: string) => `${GOOD}${lines}`;
  const all = 'client_id = "C1"\nclient_secret_file = "s"\nrefresh_token_file = "r"\n';
  const { clientId, clientSecretFile, refreshTokenFile } = configOf(webex(all)).webex;
  assert.deepEqual(
    [clientId, clientSecretFile, refreshTokenFile],
    ['C1', '/etc/hybrid-calendar/s', '/etc/hybrid-calendar/r'],
  );
  assert.equal(configOf(GOOD).webex.clientId, null);
  assert.deepEqual(
    problemsOf(webex('client_id = "C1"\n')).map(({ key }) => key),
    ['webex.client_secret_file', 'webex.refresh_token_file'],
  );
});

test('knows the address of the public Webex REST API with its version', () => {
  assert.equal(configOf(GOOD).webex.apiUrl, 'https://webexapis.com/v1');
});
