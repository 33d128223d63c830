import { formatProblems, loadConfigFile } from '../ops/config.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { oneOf, parseCommandLine } from './command-line.ts';
import { print } from './terminal.ts';

const OPTIONS = {
  config: CONFIG_OPTION,
  json: { type: 'boolean', meaning: 'print the problems as JSON; its members stay, others may be added' },
} as const;

export const command: Command = {
  name: 'config',
  summary: 'check the configuration and print every problem at once',
  help: {
    examples: [
      ['config check', 'check appliance.config.toml in this folder'],
      ['config check --config /etc/hybrid-calendar/appliance.config.toml', 'check another file'],
      ['config check --json', 'the same for a program'],
    ],
    usage: ['config check [--config FILE] [--json]'],
    options: OPTIONS,
    exits: [EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    oneOf(positionals[0], ['check'], 'action');
    const loaded = loadConfigFile(values.config, process.env);
    const problems = 'problems' in loaded ? loaded.problems : [];
    if (values.json === true) print(JSON.stringify({ problems }));
    else if (problems.length === 0) print(`${values.config}: no problems found`);
    else process.stderr.write(`${formatProblems(problems)}\n`);
    return problems.length === 0 ? EXIT.ok : EXIT.config;
  },
};
