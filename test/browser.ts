import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Chromium as root or without user namespaces (containers) starts only without its sandbox; it sees our own pages alone. */
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none'];

/** What the packed browser needs beside that: it is built for a machine with one process and few system calls. */
const PACKED_ARGS = ['--no-zygote', '--headless=shell'];

interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * Starts a headless Chromium: the system's own when there is one, else the one that comes from npm together with the
 * system libraries and fonts it needs. Throws an error that names the cause and the remedy when neither starts.
 */
export async function openBrowser(): Promise<Browser> {
  const causes: string[] = [];
  for (const find of [systemProgram, packedProgram]) {
    try {
      const program = await find();
      if (program !== null) return await launch(program);
    } catch (cause) {
      causes.push(cause instanceof Error ? cause.message : String(cause));
    }
  }
  throw new Error(
    `No browser starts, neither the system's Chromium nor the one from npm. Remedy: run "npm ci" again on a machine with ` +
      `200 MB free, or install Chromium by the system's package manager (apt-get install chromium). Causes: ${causes.join(' | ')}`,
  );
}

function launch(program: Program): Promise<Browser> {
  return chromium.launch({
    executablePath: program.path,
    args: [...program.args],
    env: program.env,
    timeout: 60_000,
  });
}

async function systemProgram(): Promise<Program | null> {
  const path = SYSTEM_BROWSERS.find((candidate) => existsSync(candidate));
  return path === undefined ? null : { path, args: ARGS, env: ownEnvironment() };
}

async function packedProgram(): Promise<Program | null> {
  const home = await unpacked();
  const env = ownEnvironment();
  env.FONTCONFIG_PATH = join(home, 'fonts');
  env.LD_LIBRARY_PATH = [join(home, 'al2023', 'lib'), env.LD_LIBRARY_PATH ?? ''].filter(Boolean).join(':');
  env.HOME ??= home;
  return { path: join(home, 'chromium'), args: [...ARGS, ...PACKED_ARGS], env };
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined),
  );
}

/** The package unpacks into the temporary directory of its process: a child with one of its own, so that two tests at once never meet a half-written file. */
async function unpacked(): Promise<string> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
  const cache = join(bin, '..', '..', '..', '.cache');
  const home = join(cache, 'hybrid-calendar-chromium');
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${home}-`);
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK, bin], {
    env: { ...ownEnvironment(), TMPDIR: draft },
    cwd: dirname(import.meta.dirname),
  });
  await writeFile(join(draft, 'fonts', 'fonts.conf'), fontsConfiguration(home));
  // Whoever is second keeps the first one's.
  await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }));
  return home;
}

/** The package's own file names folders of another kind of machine. */
function fontsConfiguration(home: string): string {
  const folders = [join(home, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  const entries = folders.map((folder) => `<dir>${folder}</dir>`).join('');
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${entries}<cachedir>${join(home, 'fonts-cache')}</cachedir></fontconfig>`;
}

const UNPACK = `
  import { inflate } from '@sparticuz/chromium';
  const names = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
  await Promise.all(names.map((name) => inflate(process.argv.at(-1) + '/' + name)));
`;
