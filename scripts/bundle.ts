/** Shows that esbuild makes one CommonJS file of the whole program; `npm run package` builds on it. */
import { mkdirSync, statSync } from 'node:fs';
import { build } from 'esbuild';

mkdirSync('dist', { recursive: true });
const outfile = 'dist/hybrid-calendar.cjs';
await build({
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node26',
  // The native addon stays a file of its own.
  external: ['better-sqlite3'],
  logLevel: 'warning',
  define: {
    'import.meta.url': '__bundleUrl',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
process.stdout.write(`${outfile}: ${Math.round(statSync(outfile).size / 1024)} kB\n`);
