import { z } from 'zod';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_OPTION, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { print } from './terminal.ts';

const ANSWER = z.object({ invitations: z.int() });

const OPTIONS = {
  mailbox: { type: 'string', value: 'ADDRESS', meaning: 'only in this mailbox; else in all' },
  'dry-run': { type: 'boolean', meaning: 'count the invitations and change none' },
  config: CONFIG_OPTION,
} as const;

export const command: Command = {
  name: 'undecorate',
  summary: 'put keywords back as they were typed, and leave the calendars clean',
  help: {
    examples: [
      ['undecorate --dry-run', 'how many invitations to come hold join details of ours'],
      ['undecorate --mailbox ada@example.com', 'take them out of one person’s invitations'],
      ['undecorate', 'take them out of all, before the appliance is removed'],
    ],
    usage: ['undecorate [--mailbox ADDRESS] [--dry-run] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [extra] = positionals;
    if (extra !== undefined) throw new UsageError(`there is no "${extra}" here; did you mean --mailbox?`);
    const dryRun = values['dry-run'] === true;
    const answer = await ask(values.config, 'POST', '/undecorate', {
      address: values.mailbox ?? null,
      dryRun,
    });
    if (typeof answer === 'number') return answer;
    const { invitations } = ANSWER.parse(JSON.parse(answer));
    print(dryRun ? `${invitations} invitations to come hold join details of ours.` : asked(invitations));
    return EXIT.ok;
  },
};

function asked(invitations: number): string {
  return (
    `${invitations} invitations get their keywords back; each mails its attendees once. ` +
    '"hybrid-calendar undecorate --dry-run" shows how many are left.'
  );
}
