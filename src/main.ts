#!/usr/bin/env node
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Command } from './commands/command.ts';
import { didYouMean, UsageError } from './commands/command-line.ts';
import { failureOf } from './commands/failure.ts';
import { commandHelp, overview } from './commands/help-text.ts';
import { complain, endWithReader, print, styled } from './commands/terminal.ts';
import { EXIT } from './ops/exit-codes.ts';
import { describeFault } from './ops/fault-description.ts';

type Load = () => Promise<{ readonly command: Command }>;

const COMMANDS: Readonly<Record<string, Load>> = {
  staging: () => import('./commands/staging.ts'),
  book: () => import('./commands/book.ts'),
  run: () => import('./commands/run.ts'),
  config: () => import('./commands/config.ts'),
  setup: () => import('./commands/setup.ts'),
  status: () => import('./commands/status.ts'),
  mailbox: () => import('./commands/mailbox.ts'),
  keys: () => import('./commands/keys.ts'),
  admin: () => import('./commands/admin.ts'),
  explain: () => import('./commands/explain.ts'),
  undecorate: () => import('./commands/undecorate.ts'),
  trace: () => import('./commands/trace.ts'),
  egress: () => import('./commands/egress.ts'),
  audit: () => import('./commands/audit.ts'),
  rules: () => import('./commands/rules.ts'),
  preview: () => import('./commands/preview.ts'),
  'ingest-profile': () => import('./commands/ingest-profile.ts'),
  version: () => import('./commands/version.ts'),
};

// Children of staging; nobody calls them by hand.
const CHILDREN: Readonly<Record<string, Load>> = {
  'staging-cloud': () => import('./commands/staging-cloud.ts'),
  'staging-appliance': () => import('./commands/staging-appliance.ts'),
};

async function main([name = 'help', ...argv]: readonly string[]): Promise<number> {
  if (['help', '--help', '-h'].includes(name)) return help(argv[0]);
  const load = name === '--version' ? COMMANDS.version : (COMMANDS[name] ?? CHILDREN[name]);
  if (load === undefined) return unknown(name);
  const { command } = await load();
  // Not only at the end: a process that is killed has to leave it behind for the next one.
  flushCompileCache();
  if (asksForHelp(argv)) return showHelp(command);
  try {
    return await command.run(argv);
  } catch (thrown) {
    return failed(command, thrown);
  }
}

async function help(topic: string | undefined): Promise<number> {
  if (topic === undefined || topic.startsWith('-')) {
    const loaded = await Promise.all(Object.values(COMMANDS).map((load) => load()));
    print(
      overview(
        loaded.map(({ command }) => command),
        heading,
      ),
    );
    return EXIT.ok;
  }
  const load = COMMANDS[topic];
  return load === undefined ? unknown(topic) : showHelp((await load()).command);
}

function showHelp(command: Command): number {
  print(commandHelp(command, heading));
  return EXIT.ok;
}

function heading(text: string): string {
  return styled('bold', text);
}

/** What stands behind `--` is no option any more. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const options = end < 0 ? argv : argv.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

function unknown(name: string): number {
  const hint = didYouMean(name, Object.keys(COMMANDS));
  complain(`there is no command "${name}".${hint === '' ? ' "hybrid-calendar help" lists them.' : hint}`);
  return EXIT.usage;
}

function failed(command: Command, thrown: unknown): number {
  if (thrown instanceof UsageError) {
    complain(`${command.name}: ${thrown.message}`);
    for (const line of command.help.usage) process.stderr.write(`usage: hybrid-calendar ${line}\n`);
    return EXIT.usage;
  }
  const failure = failureOf(thrown);
  if (failure === null) return fault(thrown);
  complain(failure.message);
  return failure.code;
}

/** Classes, codes and places only: messages may quote content. */
function fault(thrown: unknown): number {
  const { kinds, codes, stack } = describeFault(thrown);
  complain(`an unexpected fault (${[...kinds, ...codes].join(', ')}). Please report it with these places:`);
  for (const place of stack) process.stderr.write(`  ${place}\n`);
  return EXIT.internal;
}

endWithReader();
// From source, what compiling gave is kept beside the packages: the next start takes half the time. The single file is compiled
// already and writes nowhere but its data directory.
if (import.meta.filename.endsWith('.ts'))
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'hybrid-calendar'));

// No top-level await: the program is also bundled as CommonJS.
void main(process.argv.slice(2))
  .catch(fault)
  .then((code) => {
    process.exitCode = code;
  });
