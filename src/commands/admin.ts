import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { ask } from './command-client.ts';

/** The password comes by standard input: arguments and the environment can be read by others. */
export const command: Command = {
  name: 'admin',
  summary: 'set an administrator’s password for the status page (the appliance must be running)',
  usage: 'hybrid-calendar admin set-password NAME [--config FILE] < FILE-WITH-THE-PASSWORD',
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: 'string', default: 'appliance.config.toml' } },
    });
    const [action, name] = positionals;
    if (action !== 'set-password' || name === undefined) {
      process.stderr.write(`usage: ${command.usage}\n`);
      return EXIT.usage;
    }
    const password = (await text(process.stdin)).replace(/\r?\n$/, '');
    const answer = await ask(values.config, 'POST', '/admins', { name, password });
    if (typeof answer === 'number') return answer;
    process.stdout.write(`The password of ${name} is set; all sessions of ${name} have ended.\n`);
    return EXIT.ok;
  },
};
