#!/usr/bin/env node
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Command } from './commands/command.ts';

type Load = () => Promise<{ readonly command: Command }>;

const COMMANDS: Readonly<Record<string, Load>> = {
  staging: () => import('./commands/staging.ts'),
  book: () => import('./commands/book.ts'),
  run: () => import('./commands/run.ts'),
  config: () => import('./commands/config.ts'),
  mailbox: () => import('./commands/mailbox.ts'),
  admin: () => import('./commands/admin.ts'),
  version: () => import('./commands/version.ts'),
};

// Children of staging; nobody calls them by hand.
const CHILDREN: Readonly<Record<string, Load>> = {
  'staging-cloud': () => import('./commands/staging-cloud.ts'),
  'staging-appliance': () => import('./commands/staging-appliance.ts'),
};

const USAGE = 2;

async function main([name = 'help', ...argv]: readonly string[]): Promise<number> {
  if (name === 'help' || name === '--help' || name === '-h') return help();
  const load = name === '--version' ? COMMANDS.version : (COMMANDS[name] ?? CHILDREN[name]);
  if (load === undefined) return unknown(name);
  const { command } = await load();
  // Not only at the end: a process that is killed has to leave it behind for the next one.
  flushCompileCache();
  if (argv.includes('--help') || argv.includes('-h'))
    return print(`usage: ${command.usage}\n\n${command.summary}\n`);
  try {
    return await command.run(argv);
  } catch (thrown) {
    // What parseArgs throws is the caller's mistake and says so itself.
    if (!isUsage(thrown)) throw thrown;
    process.stderr.write(`hybrid-calendar ${name}: ${thrown.message}\nusage: ${command.usage}\n`);
    return USAGE;
  }
}

async function help(): Promise<number> {
  const loaded = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = loaded.map(({ command }) => `  ${command.name.padEnd(9)} ${command.summary}`);
  return print(
    `usage: hybrid-calendar COMMAND [options]\n\n${lines.join('\n')}\n\nhybrid-calendar COMMAND --help tells more.\n`,
  );
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function unknown(name: string): number {
  const near = Object.keys(COMMANDS).find((known) => known.startsWith(name.slice(0, 2)));
  const hint = near === undefined ? 'hybrid-calendar help lists the commands.' : `Did you mean "${near}"?`;
  process.stderr.write(`hybrid-calendar: there is no command "${name}". ${hint}\n`);
  return USAGE;
}

function isUsage(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}

// From source, what compiling gave is kept beside the packages: the next start takes half the time. The single file is compiled
// already and writes nowhere but its data directory.
if (import.meta.filename.endsWith('.ts'))
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'hybrid-calendar'));

// No top-level await: the program is also bundled as CommonJS.
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
