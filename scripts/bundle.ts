/**
 * Bundles the whole program as one CommonJS file: views, migrations, default configuration, simulated cloud and the database's
 * native addon. The same commit always gives the same bytes. `npm run package` makes the single file of it.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { commitOf } from '../src/ops/version.ts';

export const ROOT = dirname(import.meta.dirname);
export const BUNDLE = join(ROOT, 'dist/hybrid-calendar.cjs');

/** The bytes of the bundle of the sources in `root`. */
export async function bundle(root: string, commit: string): Promise<Uint8Array> {
  const stamp = { commit, defaultConfig: readFileSync(join(root, 'appliance.config.toml'), 'utf8') };
  const built = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outfile: 'hybrid-calendar.cjs',
    write: false,
    bundle: true,
    platform: 'node',
    // An ES module bundle dies at start: msal-node needs `require`.
    format: 'cjs',
    target: 'node26',
    // The paths in the bundle stay the same wherever node_modules really lies.
    preserveSymlinks: true,
    logLevel: 'warning',
    define: {
      PROGRAM_STAMP: JSON.stringify(stamp),
      'import.meta.url': '__bundleUrl',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
    },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [addonInside(root)],
  });
  const [output] = built.outputFiles;
  if (output === undefined) throw new Error('esbuild made no bundle');
  return output.contents;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes the bundle, writes it to dist/ and says what it is. */
export async function writeBundle(): Promise<void> {
  const bytes = await bundle(ROOT, commitOf(ROOT));
  mkdirSync(dirname(BUNDLE), { recursive: true });
  writeFileSync(BUNDLE, bytes);
  process.stdout.write(`${BUNDLE}: ${Math.round(bytes.length / 1024)} kB, sha256 ${sha256(bytes)}\n`);
}

/** `better-sqlite3` becomes its entry for Linux x64, whose prebuilt addon is carried as bytes and loaded by src/store/addon.ts. */
function addonInside(root: string): Plugin {
  const home = join(root, 'node_modules/better-sqlite3');
  return {
    name: 'addon-inside',
    setup(build) {
      build.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: join(home, 'lib/linux-x64.js') }));
      build.onResolve({ filter: /\/linux-x64\.node$/ }, () => ({
        path: 'linux-x64.node',
        namespace: 'addon',
      }));
      build.onResolve({ filter: /^addon-bytes$/ }, () => ({ path: 'bytes', namespace: 'addon-bytes' }));
      build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({ contents: LOAD_ADDON, resolveDir: root }));
      build.onLoad({ filter: /.*/, namespace: 'addon-bytes' }, () => ({
        contents: compressed(readFileSync(join(home, 'prebuilds/linux-x64.node'))),
        loader: 'binary',
      }));
    },
  };
}

/** Every start reads the whole bundle: what is smaller starts earlier. */
function compressed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
}

const LOAD_ADDON = `
  const { tmpdir } = require('node:os');
  const { zstdDecompressSync } = require('node:zlib');
  const { loadAddon } = require('./src/store/addon.ts');
  module.exports = loadAddon(zstdDecompressSync(require('addon-bytes')), tmpdir());
`;

if (import.meta.main) await writeBundle();
