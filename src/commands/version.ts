import { parseArgs } from 'node:util';
import { AppError } from '../domain/app-error.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { commit, VERSION } from '../ops/version.ts';
import { sodiumReady, sodiumVersion } from '../seal/sodium.ts';
import { sqliteVersion } from '../store/sqlite-version.ts';
import type { Command } from './command.ts';

/** Names what a security notice would ask for. */
export const command: Command = {
  name: 'version',
  summary: 'print the versions of the program and of what is inside it',
  usage: 'hybrid-calendar version [--json]',
  async run(argv) {
    const { values } = parseArgs({ args: [...argv], options: { json: { type: 'boolean' } } });
    try {
      const facts = await versions();
      process.stdout.write(values.json === true ? `${JSON.stringify(facts)}\n` : table(facts));
      return EXIT.ok;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      process.stderr.write(`hybrid-calendar: ${thrown.message}\n`);
      return EXIT.config;
    }
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
  const lines = Object.entries(inside).map(([name, value]) => `${name.padEnd(9)}  ${value}\n`);
  return `hybrid-calendar ${version}\n${lines.join('')}`;
}
