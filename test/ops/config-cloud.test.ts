import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatProblems } from '../../src/ops/config.ts';
import { configLines } from '../../src/ops/config-lines.ts';
import { CONFIG_KEYS } from '../../src/ops/config-schema.ts';
import { brief, configOf, GOOD, problemsOf } from './config-sample.ts';

const SHIPPED = fileURLToPath(new URL('../../appliance.config.toml', import.meta.url));

const LAB = '[lab]\nenabled = true\nhosts = ["graph.lab.example.com"]\n';
const graphUrl = (url: string) => GOOD.replace('[kms]', `graph_url = "${url}"\n[kms]`);

test('refuses national clouds by name, in a lab too (promise 18)', () => {
  for (const [url, cloud] of [
    ['https://graph.microsoft.us', 'US Government'],
    ['https://dod-graph.microsoft.us', 'US Government'],
    ['https://microsoftgraph.chinacloudapi.cn', 'China'],
    ['https://graph.microsoft.de', 'Germany'],
  ] as const) {
    assert.match(
      formatProblems(problemsOf(graphUrl(url) + LAB)),
      new RegExp(`:5: graph.graph_url .*${cloud}`),
    );
  }
  for (const [url, cloud] of [
    ['https://login.microsoftonline.us', 'US Government'],
    ['https://login.partner.microsoftonline.cn', 'China'],
    ['https://login.chinacloudapi.cn', 'China'],
    ['https://login.microsoftonline.de', 'Germany'],
    ['https://login.usgovcloudapi.net', 'US Government'],
    ['https://login-us.microsoftonline.com', 'US Government'],
    ['https://login.sovcloud-identity.fr', 'France'],
    ['https://login.sovcloud-identity.de', 'Germany'],
    ['https://login.sovcloud-identity.sg', 'Singapore'],
  ] as const) {
    const env = { HYBRID_CALENDAR_GRAPH__LOGIN_URL: url };
    assert.match(formatProblems(problemsOf(GOOD, env)), new RegExp(`graph.login_url .*${cloud}`));
  }
  for (const [tenant, cloud] of [
    ['contoso.onmicrosoft.us', 'US Government'],
    ['contoso.partner.onmschina.cn', 'China'],
    ['contoso.onmicrosoft.de', 'Germany'],
  ] as const) {
    const toml = GOOD.replace(/tenant_id = .*/, `tenant_id = "${tenant}"`);
    assert.match(formatProblems(problemsOf(toml)), new RegExp(`:2: graph\\.tenant_id .*${cloud}`));
  }
});

test('refuses a second tenant, and what stands for all of them', () => {
  const [one, other] = ['0a000000-0000-4000-8000-000000000001', '0b000000-0000-4000-8000-000000000001'];
  const refused = (value: string): string =>
    formatProblems(problemsOf(GOOD.replace(/tenant_id = .*/, `tenant_id = ${value}`)));
  for (const several of [`["${one}", "${other}"]`, `"${one}, ${other}"`, `"${one} ${other}"`])
    assert.match(
      refused(several),
      /:2: graph\.tenant_id names more than one tenant: one appliance serves one/,
    );
  for (const all of ['common', 'organizations', 'Consumers'])
    assert.match(
      refused(`"${all}"`),
      /:2: graph\.tenant_id stands for every tenant: one appliance serves one/,
    );
});

test('takes another Graph only in a lab, on loopback or a listed host', () => {
  const refused = (toml: string) => brief(problemsOf(toml)).map(([, key]) => key);
  assert.deepEqual(refused(graphUrl('https://127.0.0.1:8443')), ['graph.graph_url']);
  assert.deepEqual(refused(graphUrl('https://elsewhere.example.com') + LAB), ['graph.graph_url']);
  assert.deepEqual(refused(graphUrl('https://graph.microsoft.com.example.com') + LAB), ['graph.graph_url']);
  assert.deepEqual(refused(graphUrl('https://127.0.0.1:8443') + LAB), []);
  assert.deepEqual(refused(graphUrl('https://graph.lab.example.com/') + LAB), []);
});

test('ships a file that names every key and asks only for what the deployment knows', () => {
  const toml = readFileSync(SHIPPED, 'utf8');
  const sections = new Set([
    'store',
    'graph',
    'sync',
    'kms',
    'webex',
    'web',
    'web.public',
    'web.admin',
    'scheduling',
    'join_targets',
    'presence',
    'reminder',
    'keys',
    'join_block',
    'log',
    'lab',
  ]);
  const table = 'scheduling.keywords';
  const keys = [...configLines(toml).keys()].filter(
    (key) => !sections.has(key) && !key.startsWith(`${table}.`),
  );
  assert.deepEqual(keys.sort(), [...CONFIG_KEYS].sort());
  const problems = problemsOf(toml);
  assert.deepEqual(
    problems.map((p) => p.key),
    ['graph.tenant_id', 'graph.client_id', 'kms.url', 'kms.user_id', 'webex.ingest_url'],
  );
  assert.ok(problems.every((p) => p.problem.includes('placeholder') && p.line !== null));
});

test('ships the defaults of the schema', () => {
  const filled = readFileSync(SHIPPED, 'utf8')
    .replace('<directory (tenant) id>', '0a000000-0000-4000-8000-000000000001')
    .replace('<application (client) id>', '0a000000-0000-4000-8000-000000000002')
    .replace(/"<https[^"]*>"/g, '"https://x.example.com"')
    .replace(/"<UUID[^"]*>"/, '"me"');
  const config = configOf(filled);
  const { store, sync, web, keys, joinBlock, log, lab } = configOf(GOOD);
  const { store: s, sync: y, web: w, keys: k, joinBlock: j, log: l, lab: b } = config;
  assert.deepEqual(
    { s, y, w, k, j, l, b },
    { s: store, y: sync, w: web, k: keys, j: joinBlock, l: log, b: lab },
  );
});
