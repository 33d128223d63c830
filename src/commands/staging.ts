import { resolve } from 'node:path';
import { isSea } from 'node:sea';
import { parseArgs } from 'node:util';
import { EXIT } from '../ops/exit-codes.ts';
import type { Program } from '../staging/child.ts';
import { freePort } from '../staging/free-port.ts';
import { Layout } from '../staging/layout.ts';
import { narrator } from '../staging/narration.ts';
import type { Facts } from '../staging/staging-facts.ts';
import { Supervisor } from '../staging/supervisor.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  'data-dir': { type: 'string', default: '.staging' },
  'admin-port': { type: 'string', default: '8443' },
  'public-port': { type: 'string', default: '8444' },
  'cloud-port': { type: 'string', default: '8445' },
  'field-encryption': { type: 'string', default: 'A256GCM' },
  settle: { type: 'string', default: '0' },
  people: { type: 'string', default: '0' },
  reset: { type: 'boolean', default: false },
} as const;

/** Both start with the same command of ours: the single file is Node and program at once. */
const ONE_FILE: Program = { command: process.execPath, argv: [] };
const SOURCES: Program = { command: process.execPath, argv: [...process.execArgv, process.argv[1] ?? ''] };

export const command: Command = {
  name: 'staging',
  summary: 'a whole installation on this machine, against a simulated Microsoft 365, KMS and Webex',
  usage: `hybrid-calendar staging [--data-dir .staging] [--admin-port 8443] [--public-port 8444] [--cloud-port 8445]
         [--field-encryption A256GCM|XC20P] [--settle SECONDS] [--people N] [--reset]     (port 0: any free one)`,
  async run(argv) {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const dataDir = resolve(values['data-dir']);
    const say = (line: string): boolean => process.stdout.write(`${line}\n`);
    if (values.reset && !new Layout(dataDir).reset())
      return fail(`${dataDir} holds other files; it is not emptied.`, EXIT.usage);
    const stopped = new Promise<void>((done) => {
      for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => done());
    });
    try {
      const supervisor = new Supervisor({
        program: isSea() ? ONE_FILE : SOURCES,
        dataDir,
        adminPort: await freePort(Number(values['admin-port']), '--admin-port'),
        publicPort: await freePort(Number(values['public-port']), '--public-port'),
        cloudPort: await freePort(Number(values['cloud-port']), '--cloud-port'),
        morePeople: Number(values.people),
        fieldEncryption: values['field-encryption'],
        settleSeconds: Number(values.settle),
        show: narrator(say),
      });
      const started = supervisor.start().then((facts) => say(welcome(facts, dataDir)));
      await Promise.race([stopped, started.then(() => stopped)]);
      await supervisor.stop();
      return EXIT.ok;
    } catch (thrown) {
      return fail(thrown instanceof Error ? thrown.message : 'staging could not start.', EXIT.failure);
    }
  },
};

function fail(message: string, code: number): number {
  process.stderr.write(`hybrid-calendar staging: ${message}\n`);
  return code;
}

function welcome(facts: Facts, dataDir: string): string {
  const book = isSea() ? `${process.execPath} book` : 'npm run book --';
  const there = dataDir === resolve('.staging') ? '' : ` --data-dir ${dataDir}`;
  return `
A whole installation is running: ${facts.users.length} people and ${facts.rooms.length} rooms, all enabled.
  status page   ${facts.adminUrl}   sign in as ${facts.admin.user} with ${facts.admin.password}
  everything    ${dataDir}/staging.json (addresses, accounts, tokens)
Book a meeting as one of the people and watch it arrive, sealed, in the Webex lists:
  ${book} --as astrid --with bruno --subject "Budget" --location @webex${there}
`;
}
