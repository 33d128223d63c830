import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { print } from './terminal.ts';

const HOSTS = z.object({
  hosts: z.array(
    z.object({
      origin: z.string(),
      uses: z.array(z.object({ key: z.string(), purpose: z.string(), sends: z.string() })),
      clear: z.array(
        z.object({
          call: z.string(),
          field: z.string(),
          holds: z.string(),
          switch: z.string().nullable(),
          on: z.boolean(),
        }),
      ),
      lastUsedAt: z.iso.datetime().nullable(),
      bytesOut: z.number(),
      bytesIn: z.number(),
    }),
  ),
});
type Host = z.infer<typeof HOSTS>['hosts'][number];

const OPTIONS = {
  json: { type: 'boolean', meaning: 'print the hosts as JSON; their members stay, others may be added' },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'egress',
  summary: 'show every host the appliance may connect to, and what goes there',
  help: {
    examples: [
      ['egress', 'hosts, what for, what leaves in clear, last use and bytes since the start'],
      ['egress --json', 'the same for a program'],
    ],
    usage: ['egress [--json] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError('egress takes no arguments.');
    const answer = await ask(values.config, 'GET', '/egress');
    if (typeof answer === 'number') return answer;
    if (values.json === true) print(answer);
    else print(HOSTS.parse(JSON.parse(answer)).hosts.map(hostText).join('\n\n'));
    return EXIT.ok;
  },
};

function hostText({ origin, uses, clear, lastUsedAt, bytesOut, bytesIn }: Host): string {
  const used = lastUsedAt === null ? 'not used yet' : `last used ${lastUsedAt.slice(0, 19)}Z`;
  return [
    `${origin}  ${used}, ${bytesOut} bytes out, ${bytesIn} bytes in`,
    ...uses.flatMap(({ key, purpose, sends }) => [`  ${key}: ${purpose}`, `    gets ${sends}`]),
    ...(clear.length === 0 ? ['  in clear: nothing sensitive'] : ['  in clear:']),
    ...clear.map((field) => `    ${field.call}  ${field.field}: ${field.holds} (${switchText(field)})`),
  ].join('\n');
}

function switchText({ switch: name, on }: Host['clear'][number]): string {
  return name === null ? 'always' : `${name} is ${on ? 'on' : 'off'}`;
}
