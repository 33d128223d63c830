import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigProblem } from './config-problem.ts';
import { type Config, configFrom } from './config-record.ts';
import { contradictions, type ReadValues, tenantFault } from './config-rules.ts';
import { CONFIG_KEYS, type ConfigKey, type ConfigValues, FIELDS } from './config-schema.ts';
import { type ConfigSource, readSource } from './config-source.ts';

export { type ConfigProblem, formatProblems } from './config-problem.ts';
export type { Config } from './config-record.ts';

/** As the shipped file marks what only the deployment can know. */
const PLACEHOLDER = /^<.*>$/;

export interface LoadConfigOptions {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file; may throw. */
  readonly read: (path: string) => string;
}

export type LoadedConfig = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** Reads file and environment once into a deeply frozen record, or tells everything that is wrong, in the order of the file. */
export function loadConfig(o: LoadConfigOptions): LoadedConfig {
  const toml = readText(o);
  if (toml === null) return { problems: [unreadable(o.file)] };
  const source = readSource(o.file, toml, o.env);
  const problems = [...source.problems];
  const values = readValues(source, problems);
  for (const breach of contradictions(values)) problems.push({ ...source.place(breach.key), ...breach });
  if (problems.length > 0 || !isComplete(values)) return { problems: problems.sort(byLine) };
  return { config: configFrom(values, dirname(o.file)) };
}

/** The same from a real file. */
export function loadConfigFile(file: string, env: LoadConfigOptions['env']): LoadedConfig {
  return loadConfig({ file, env, read: (path) => readFileSync(path, 'utf8') });
}

function readText(o: LoadConfigOptions): string | null {
  try {
    return o.read(o.file);
  } catch {
    return null;
  }
}

function unreadable(file: string): ConfigProblem {
  const problem = 'the configuration file can’t be read: check its path and who may read it';
  return { file, line: null, key: '', problem, allowed: null };
}

function readValues(source: ConfigSource, problems: ConfigProblem[]): ReadValues {
  const values: Partial<Record<ConfigKey, unknown>> = {};
  for (const key of CONFIG_KEYS) {
    const field = FIELDS[key];
    const raw = source.values.has(key) ? source.values.get(key) : field.fallback;
    const read = field.type.safeParse(raw);
    if (read.success) values[key] = read.data;
    const fault = findFault(key, raw);
    const faults = fault === undefined ? faultsOf(key, read.error?.issues ?? []) : new Map([[key, fault]]);
    for (const [path, problem] of faults)
      problems.push({ ...source.place(path), key: path, problem, allowed: field.allowed });
  }
  // Each member was read by the type of its own key.
  return values as ReadValues;
}

/** The first fault of a value, or of each part of a table, by its dotted path. */
function faultsOf(
  key: ConfigKey,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): Map<string, string> {
  const faults = new Map<string, string>();
  for (const { path, message } of issues) {
    const dotted = [key, ...path.map(String)].join('.');
    if (!faults.has(dotted)) faults.set(dotted, message);
  }
  return faults;
}

/** What can be said better than by the type of the key. */
function findFault(key: ConfigKey, raw: unknown): string | undefined {
  if (raw === undefined) return 'is missing';
  if (key === 'graph.tenant_id' && Array.isArray(raw)) return tenantFault(raw.join(' '));
  if (typeof raw !== 'string') return undefined;
  if (PLACEHOLDER.test(raw)) return 'still is the placeholder of the shipped file';
  return key === 'graph.tenant_id' ? tenantFault(raw) : undefined;
}

function isComplete(values: ReadValues): values is ConfigValues {
  return CONFIG_KEYS.every((key) => values[key] !== undefined);
}

function byLine(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER);
}
