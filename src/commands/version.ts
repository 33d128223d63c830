import { EXIT } from '../ops/exit-codes.ts';
import { commit, VERSION } from '../ops/version.ts';
import { sodiumReady, sodiumVersion } from '../seal/sodium.ts';
import { sqliteVersion } from '../store/sqlite-version.ts';
import type { Command } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { print } from './terminal.ts';

const OPTIONS = {
  json: { type: 'boolean', meaning: 'print them as JSON; its members stay, others may be added' },
} as const;

/** Names what a security notice would ask for. */
export const command: Command = {
  name: 'version',
  summary: 'print the versions of the program and of what is inside it',
  help: {
    examples: [
      ['version', 'the program, its commit, Node, SQLite and libsodium'],
      ['version --json', 'the same for a program'],
    ],
    usage: ['version [--json]'],
    options: OPTIONS,
    exits: [EXIT.config],
  },
  async run(argv) {
    const { values } = parseCommandLine(argv, OPTIONS);
    const facts = await versions();
    print(values.json === true ? JSON.stringify(facts) : table(facts));
    return EXIT.ok;
  },
};

async function versions(): Promise<Record<string, string>> {
  await sodiumReady();
  return {
    version: VERSION,
    commit: commit(),
    node: process.versions.node,
    sqlite: sqliteVersion(),
    libsodium: sodiumVersion(),
  };
}

function table({ version, ...inside }: Record<string, string>): string {
  const lines = Object.entries(inside).map(([name, value]) => `${name.padEnd(9)}  ${value}`);
  return [`hybrid-calendar ${version}`, ...lines].join('\n');
}
