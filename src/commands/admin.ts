import { text } from 'node:stream/consumers';
import { EXIT } from '../ops/exit-codes.ts';
import { CONFIG_ONLY, type Command } from './command.ts';
import { ask } from './command-client.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { print } from './terminal.ts';

/** The password comes by standard input: arguments and the environment can be read by others. */
export const command: Command = {
  name: 'admin',
  summary: 'set an administrator’s password for the status page',
  help: {
    examples: [
      ['admin set-password ada < password.txt', 'make the administrator, or give a new password'],
      ['setup link', 'instead: choose name and password in the browser'],
    ],
    usage: ['admin set-password NAME [--config FILE] < FILE-WITH-THE-PASSWORD'],
    options: CONFIG_ONLY,
    exits: [EXIT.failure, EXIT.unavailable, EXIT.permission, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, CONFIG_ONLY);
    const [action, name] = positionals;
    oneOf(action, ['set-password'], 'action');
    if (name === undefined) throw new UsageError('the administrator’s name is missing.');
    if (process.stdin.isTTY)
      throw new UsageError('the password is read from standard input: "< FILE". A terminal would show it.');
    const password = (await text(process.stdin)).replace(/\r?\n$/, '');
    const answer = await ask(values.config, 'POST', '/admins', { name, password });
    if (typeof answer === 'number') return answer;
    print(`The password of ${name} is set; all sessions of ${name} have ended.`);
    return EXIT.ok;
  },
};
