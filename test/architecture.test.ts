import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** The import table of the design: who may import whom. */
const EVERYTHING = [
  'domain',
  'seal',
  'store',
  'net',
  'graph',
  'kms',
  'webex',
  'sync',
  'web',
  'views',
  'ops',
  'staging',
  'commands',
  'appliance',
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  views: ['domain', 'views'],
  seal: ['domain', 'seal'],
  store: ['domain', 'store'],
  net: ['domain', 'net'],
  graph: ['domain', 'net', 'graph'],
  webex: ['domain', 'net', 'webex'],
  kms: ['domain', 'seal', 'net', 'kms'],
  sync: ['domain', 'seal', 'sync'],
  web: ['domain', 'net', 'views', 'web'],
  ops: ['domain', 'ops'],
  staging: ['staging'],
  commands: EVERYTHING,
  appliance: EVERYTHING,
  main: EVERYTHING,
};

/** Homes of npm packages; commands and the composition root need none of them. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['store'],
  'libsodium-wrappers': ['seal'],
  jose: ['kms', 'staging'],
  '@azure/msal-node': ['graph'],
  '@microsoft/microsoft-graph-client': ['graph'],
  undici: ['net', 'staging'],
  hono: ['web', 'views', 'staging'],
  '@hono/node-server': ['net', 'staging'],
  ws: ['staging'],
  '@peculiar/x509': ['staging', 'ops'],
  'reflect-metadata': ['staging', 'ops'],
  zod: ['graph', 'kms', 'webex', 'web', 'ops', 'staging', 'commands'],
  parse5: ['domain', 'staging'],
  tldts: ['domain'],
  'postal-mime': ['domain'],
  'ical.js': ['domain'],
  pino: ['ops'],
  '@prometheus-io/client': ['ops'],
  'smol-toml': ['ops', 'staging'],
};

const files = globSync(['src/**/*.ts', 'views/**/*.ts']).map(normalize);
const IMPORT =
  /(?:^|\n)\s*(?:import|export)[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g;

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

/** `src/store/jobs.ts` → `store`, `src/appliance-parts.ts` → `appliance`, `views/page.ts` → `views`. */
function roomOf(file: string): string {
  const [first, second, ...rest] = file.split('/');
  if (first === 'views') return 'views';
  if (rest.length > 0) return second ?? '';
  return (second ?? '').replace(/(-.*)?\.ts$/, '');
}

function localTarget(file: string, specifier: string): string {
  return normalize(join(dirname(file), specifier));
}

test('every import follows the table', () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const specifier of importsOf(file).filter((s) => s.startsWith('.') && s.endsWith('.ts'))) {
      const target = localTarget(file, specifier);
      if (!existsSync(target)) wrong.push(`${file}: ${specifier} does not exist`);
      if (!MAY_IMPORT[roomOf(file)]?.includes(roomOf(target))) wrong.push(`${file} → ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('every package stays in its home', () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const specifier of importsOf(file).filter((s) => !s.startsWith('.') && !s.startsWith('node:'))) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (name === '@microsoft/microsoft-graph-types') continue;
      if (!HOMES[name]?.includes(roomOf(file))) wrong.push(`${file} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('there is no circle', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const specifier of importsOf(file).filter((s) => s.startsWith('.') && s.endsWith('.ts'))) {
      walk(localTarget(file, specifier), [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) walk(file, []);
  assert.deepEqual(circles, []);
});

test('time, randomness, environment, network and console come in as arguments', () => {
  const real =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bprocess\.env\b|(?<![.\w])fetch\(|\bconsole\./;
  const allowed = new Set(['ops', 'net', 'staging', 'main', 'commands']);
  // The script of the page runs in the browser, which has its own clock.
  const browser = new Set(['views/app-script.ts']);
  const wrong = files
    .filter((file) => !allowed.has(roomOf(file)) && !browser.has(file))
    .filter((file) => real.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
  assert.deepEqual(wrong, []);
});

test('files stay under 250 lines and have telling names', () => {
  const long = files.filter(
    (file) => readFileSync(file, 'utf8').split('\n').length > 251 && !file.includes('/migrations/'),
  );
  const vague = files.filter((file) => /(?:^|\/|-)(?:utils?|helpers?|common|manager)\.ts$/.test(file));
  assert.deepEqual([...long, ...vague], []);
});
