import assert from 'node:assert/strict';
import { type Config, type ConfigProblem, formatProblems, loadConfig } from '../../src/ops/config.ts';

export const FILE = '/etc/hybrid-calendar/appliance.config.toml';

/** The shortest configuration that is accepted. */
export const GOOD = `[graph]
tenant_id = "0A000000-0000-4000-8000-000000000001"
client_id = "0a000000-0000-4000-8000-000000000002"
client_secret_file = "secret"
[kms]
url = "https://kms.example.com/"
user_id = "0a000000-0000-4000-8000-000000000003"
token_file = "/run/token"
ca_file = "ca.pem"
[webex]
ingest_url = "https://ingest.example.com"
token_file = "webex-token"
`;
/** Lines of GOOD. */
export const HEAD = GOOD.split('\n').length - 1;

export type Env = Readonly<Record<string, string>>;

export const load = (toml: string, env: Env = {}) => loadConfig({ file: FILE, env, read: () => toml });

export function configOf(toml: string, env: Env = {}): Config {
  const loaded = load(toml, env);
  if ('problems' in loaded) assert.fail(formatProblems(loaded.problems));
  return loaded.config;
}

export function problemsOf(toml: string, env: Env = {}): readonly ConfigProblem[] {
  const loaded = load(toml, env);
  return 'problems' in loaded ? loaded.problems : [];
}

export const brief = (problems: readonly ConfigProblem[]) => problems.map((p) => [p.line, p.key, p.problem]);
