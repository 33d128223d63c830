import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultConfig } from '../ops/default-config.ts';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { configOf } from './serve.ts';

export const command: Command = {
  name: 'config',
  summary: 'write the default configuration, or check one and print every problem at once',
  usage: `hybrid-calendar config init [--config appliance.config.toml]     (writes the file with every key explained)
       hybrid-calendar config show-default                              (prints it)
       hybrid-calendar config check [--config appliance.config.toml]`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: 'string', default: 'appliance.config.toml' } },
    });
    if (positionals[0] === 'init') return init(values.config);
    if (positionals[0] === 'show-default') return print(defaultConfig());
    if (positionals[0] === 'check') return check(values.config);
    process.stderr.write(`usage: ${command.usage}\n`);
    return EXIT.usage;
  },
};

function init(file: string): number {
  try {
    writeFileSync(file, defaultConfig(), { flag: 'wx' });
    return print(`${file} is written: fill in what stands in <angle brackets>, then "config check".\n`);
  } catch (thrown) {
    const there = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    const reason = there
      ? 'it is there already and is not overwritten; "config show-default" prints the defaults.'
      : 'its folder must exist and be writable.';
    process.stderr.write(`hybrid-calendar config: ${file} is not written: ${reason}\n`);
    return there ? EXIT.failure : EXIT.io;
  }
}

function check(file: string): number {
  const config = configOf(file);
  return typeof config === 'number' ? config : print(`${file}: no problems found\n`);
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
