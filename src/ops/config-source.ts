import { parse, TomlError } from 'smol-toml';
import { configLines, lineOf } from './config-lines.ts';
import type { ConfigProblem } from './config-problem.ts';
import { type ConfigKey, FIELDS, isConfigKey } from './config-schema.ts';
import { explainUnknown, isSection } from './config-unknown.ts';

const ENV_PREFIX = 'HYBRID_CALENDAR_';

export interface Place {
  readonly file: string;
  readonly line: number | null;
}

/** The raw values of file and environment with the place that each came from. */
export interface ConfigSource {
  readonly values: ReadonlyMap<ConfigKey, unknown>;
  /** Where a key stands, or would stand. */
  readonly place: (key: string) => Place;
  readonly problems: readonly ConfigProblem[];
}

/** Reads the TOML text and lays the environment over it: HYBRID_CALENDAR_WEB__PUBLIC__LISTEN sets web.public.listen. */
export function readSource(
  file: string,
  toml: string,
  env: Readonly<Record<string, string | undefined>>,
): ConfigSource {
  const lines = configLines(toml);
  const values = new Map<ConfigKey, unknown>();
  const problems: ConfigProblem[] = [];
  const variables = new Map<string, string>();
  for (const [key, value] of flatten(parseToml(file, toml, problems))) {
    if (isConfigKey(key)) values.set(key, value);
    else problems.push({ file, line: lineOf(lines, key), key, ...explainUnknown(key) });
  }
  for (const [variable, value] of Object.entries(env)) {
    const key = keyOfVariable(variable);
    if (key === null || value === undefined) continue;
    variables.set(key, variable);
    if (isConfigKey(key)) values.set(key, fromEnvironment(key, value));
    else problems.push({ file: variable, line: null, key, ...explainUnknown(key) });
  }
  const place = (key: string): Place => {
    const variable = variables.get(key);
    return variable === undefined ? { file, line: lineOf(lines, key) } : { file: variable, line: null };
  };
  return { values, place, problems };
}

function parseToml(file: string, toml: string, problems: ConfigProblem[]): unknown {
  try {
    return parse(toml);
  } catch (thrown) {
    // The parser's message quotes the text, which may hold a secret: only its place is told.
    const line = thrown instanceof TomlError ? thrown.line : null;
    problems.push({
      file,
      line,
      key: '',
      problem: 'this line is not valid TOML, or its key stands twice',
      allowed: null,
    });
    return {};
  }
}

/** Dotted paths of all values; a table that is no section of ours is one entry. */
function* flatten(node: unknown, path = ''): Generator<readonly [string, unknown]> {
  const isTable =
    typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Date);
  if (!isTable || (path !== '' && !isSection(path))) {
    yield [path, node];
    return;
  }
  for (const [key, value] of Object.entries(node))
    yield* flatten(value, path === '' ? key : `${path}.${key}`);
}

/** Variables without `__` (the path of the file itself, say) are none of ours. */
function keyOfVariable(variable: string): string | null {
  if (!variable.startsWith(ENV_PREFIX) || !variable.includes('__')) return null;
  return variable.slice(ENV_PREFIX.length).toLowerCase().replaceAll('__', '.');
}

/** Variables are texts: flags and lists are recognised by the key's default. */
function fromEnvironment(key: ConfigKey, value: string): unknown {
  const { fallback } = FIELDS[key];
  if (typeof fallback === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (Array.isArray(fallback))
    return value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return value;
}
