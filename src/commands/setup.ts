import { fstatSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { toPrivateFile } from './private-file.ts';
import { complain, print } from './terminal.ts';

const ANSWER = z.object({ url: z.url() });
const STDOUT = 1;
const EVERYWHERE = new Set(['0.0.0.0', '[::]']);

const OPTIONS = {
  output: {
    type: 'string',
    value: 'FILE',
    meaning: 'write the link into a new file that only this account may read',
  },
  reset: {
    type: 'boolean',
    meaning: 'make a link although there is an administrator, to set a password anew or add another one',
  },
  config: CONFIG_OPTION,
} as const;

/** The link opens the appliance: it goes to a person's terminal or into a private file, never into a pipe or a log. */
export const command: Command = {
  name: 'setup',
  summary: 'get a one-time link to choose an administrator’s name and password in the browser',
  help: {
    examples: [
      ['setup link', 'show the link in this terminal; it works once, for 15 minutes'],
      ['setup link --output /root/link.txt', 'write it into a file for yourself alone'],
      ['setup link --reset', 'when the password is lost'],
    ],
    usage: ['setup link [--output FILE] [--reset] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.io, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    oneOf(positionals[0], ['link'], 'action');
    if (values.output === '') throw new UsageError('--output wants the path of a file.');
    const { output, config, reset = false } = values;
    // Seen to before the link is made: one that can't be delivered should not stand.
    if (output !== undefined) return toFile(output, () => newLink(config, reset));
    if (!mayShow(STDOUT)) return exposed();
    const link = await newLink(config, reset);
    if (typeof link === 'number') return link;
    print(link);
    return EXIT.ok;
  },
};

async function newLink(config: string, reset: boolean): Promise<string | number> {
  const answer = await ask(config, 'POST', '/setup-links', { reset });
  if (typeof answer === 'number') return answer;
  const url = new URL(ANSWER.parse(JSON.parse(answer)).url);
  // A listener on every address has no name of its own.
  if (EVERYWHERE.has(url.hostname)) url.hostname = hostname();
  return url.href;
}

/** A terminal, or a file that nobody else may read. */
function mayShow(descriptor: number): boolean {
  if (process.stdout.isTTY) return true;
  const facts = fstatSync(descriptor);
  return facts.isFile() && (facts.mode & 0o077) === 0;
}

function exposed(): number {
  complain(
    'the link is shown in a terminal only, or written with --output FILE: a pipe or a log would keep it.',
  );
  return EXIT.permission;
}

async function toFile(file: string, link: () => Promise<string | number>): Promise<number> {
  const code = await toPrivateFile(file, link);
  if (code === EXIT.ok) print(`The link is in ${file}; it works once, for 15 minutes.`);
  return code;
}
