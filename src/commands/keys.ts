import { z } from 'zod';
import { EXIT, type ExitCode } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { KEY_REPORT, type KeysReport, keysText } from './keys-text.ts';
import { print } from './terminal.ts';

const STATE = z.object({ state: z.enum(['asked', 'running']) });

const OPTIONS = {
  mailbox: { type: 'string', value: 'ADDRESS', meaning: 'rotate the key of this mailbox only' },
  directory: {
    type: 'boolean',
    meaning: 'rotate the directory key, under which the addresses of the mailboxes are sealed',
  },
  json: { type: 'boolean', meaning: 'print the status as JSON; its members stay, others may be added' },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'keys',
  summary: 'show how the keys stand, and have new ones made',
  help: {
    examples: [
      ['keys status', 'counts, ages, the next rotation, and whether the KMS answers'],
      ['keys status --json', 'the same for a program, without any address'],
      ['keys rotate', 'new keys for all mailboxes; what older ones sealed stays readable'],
      ['keys rotate --mailbox ada@example.com', 'a new key for one mailbox, also after its key was revoked'],
      ['keys rotate --directory', 'a new key for the addresses, which are sealed again under it'],
    ],
    usage: [
      'keys status [--json] [--config FILE]',
      'keys rotate [--mailbox ADDRESS | --directory] [--config FILE]',
    ],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [action, second] = positionals;
    const known = oneOf(action, ['status', 'rotate'], 'action');
    if (second !== undefined) throw new UsageError(`keys ${known} takes no arguments.`);
    const { mailbox, directory } = values;
    if (known === 'rotate') return rotate(values.config, mailbox, directory === true);
    if (mailbox !== undefined || directory === true)
      throw new UsageError('--mailbox and --directory belong to "keys rotate".');
    return status(values.config, values.json === true);
  },
};

async function status(config: string, json: boolean): Promise<number> {
  const answer = await ask(config, 'GET', '/keys');
  if (typeof answer === 'number') return answer;
  const report = KEY_REPORT.parse(JSON.parse(answer));
  print(json ? answer : keysText(report));
  return exitOf(report);
}

/** 1 while the KMS is away and keys in memory serve, 69 when none does any more. */
function exitOf({ outage, time }: KeysReport): ExitCode {
  if (outage === null) return EXIT.ok;
  const { lastKeyServesUntil: end } = outage;
  return end !== null && Date.parse(end) > Date.parse(time) ? EXIT.failure : EXIT.unavailable;
}

async function rotate(config: string, mailbox: string | undefined, directory: boolean): Promise<number> {
  if (mailbox !== undefined && directory)
    throw new UsageError('either --mailbox or --directory, not both at once.');
  const order = mailbox !== undefined ? { of: 'mailbox', address: mailbox } : { of: ofWhich(directory) };
  const answer = await ask(config, 'POST', '/keys/rotate', order);
  if (typeof answer === 'number') return answer;
  const { state } = STATE.parse(JSON.parse(answer));
  const done = state === 'asked' ? 'is under way' : 'was under way already';
  print(`The rotation of ${WORDS[order.of]} ${done}; "hybrid-calendar keys status" shows how far it is.`);
  return EXIT.ok;
}

function ofWhich(directory: boolean): 'directory' | 'mailboxes' {
  return directory ? 'directory' : 'mailboxes';
}

const WORDS: Readonly<Record<string, string>> = {
  mailbox: 'the key of the mailbox',
  mailboxes: 'all keys of mailboxes',
  directory: 'the directory key',
};
