import { writeFileSync } from 'node:fs';
import { openJoinRules } from '../appliance-join-rules.ts';
import { AppError } from '../domain/app-error.ts';
import { type Config, type ConfigProblem, formatProblems, loadConfigFile } from '../ops/config.ts';
import { defaultConfig } from '../ops/default-config.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { sodiumReady } from '../seal/sodium.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { oneOf, parseCommandLine } from './command-line.ts';
import { complain, print } from './terminal.ts';

const OPTIONS = {
  config: CONFIG_OPTION,
  json: { type: 'boolean', meaning: 'print the problems as JSON; its members stay, others may be added' },
} as const;

export const command: Command = {
  name: 'config',
  summary: 'write the default configuration, or check one and print every problem at once',
  help: {
    examples: [
      ['config init', 'write appliance.config.toml into this folder, every key explained'],
      ['config check', 'check it'],
      ['config check --config /etc/hybrid-calendar/appliance.config.toml', 'check another file'],
      ['config check --json', 'the same for a program'],
      ['config show-default', 'print the default configuration'],
    ],
    usage: ['config init [--config FILE]', 'config check [--config FILE] [--json]', 'config show-default'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.io, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const action = oneOf(positionals[0], ['init', 'check', 'show-default'], 'action');
    if (action === 'init') return init(values.config);
    if (action === 'check') return await check(values.config, values.json === true);
    print(defaultConfig().trimEnd());
    return EXIT.ok;
  },
};

function init(file: string): number {
  try {
    writeFileSync(file, defaultConfig(), { flag: 'wx' });
    print(`${file} is written: fill in what stands in <angle brackets>, then "config check".`);
    return EXIT.ok;
  } catch (thrown) {
    const there = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    const reason = there
      ? 'it is there already and is not overwritten; "config show-default" prints the defaults.'
      : 'its folder must exist and be writable.';
    complain(`config: ${file} is not written: ${reason}`);
    return there ? EXIT.failure : EXIT.io;
  }
}

async function check(file: string, json: boolean): Promise<number> {
  const loaded = loadConfigFile(file, process.env);
  const problems = 'problems' in loaded ? loaded.problems : await rulePackProblems(loaded.config, file);
  if (json) print(JSON.stringify({ problems }));
  else if (problems.length === 0) print(`${file}: no problems found`);
  else process.stderr.write(`${formatProblems(problems)}\n`);
  return problems.length === 0 ? EXIT.ok : EXIT.config;
}

/** What stands in another file is read too: a pack that the start would refuse is a problem of the configuration. */
async function rulePackProblems({ joinTargets }: Config, file: string): Promise<readonly ConfigProblem[]> {
  await sodiumReady();
  try {
    openJoinRules(joinTargets);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const problem = `is refused: ${thrown.message.replace(/\.$/, '')}`;
    return [{ file, line: null, key: 'join_targets.rule_pack_file', problem, allowed: null }];
  }
}
