import { resolve } from 'node:path';
import { isSea } from 'node:sea';
import { EXIT } from '../ops/exit-codes.ts';
import type { Program } from '../staging/child.ts';
import { freePort } from '../staging/free-port.ts';
import { lockInstallation } from '../staging/installation-lock.ts';
import { Layout } from '../staging/layout.ts';
import { narrator } from '../staging/narration.ts';
import type { Facts } from '../staging/staging-facts.ts';
import type { StagingOptions } from '../staging/supervisor.ts';
import type { Command } from './command.ts';
import { oneOf, parseCommandLine } from './command-line.ts';

const OPTIONS = {
  'data-dir': { type: 'string', default: '.staging', value: 'DIR', meaning: 'where everything lies' },
  'admin-port': {
    type: 'string',
    default: '8443',
    value: 'PORT',
    meaning: 'the status page; 0: any free port',
  },
  'public-port': {
    type: 'string',
    default: '8444',
    value: 'PORT',
    meaning: 'for notifications; 0: any free port',
  },
  'cloud-port': {
    type: 'string',
    default: '8445',
    value: 'PORT',
    meaning: 'the simulated cloud; 0: any free port',
  },
  'field-encryption': {
    type: 'string',
    default: 'A256GCM',
    value: 'NAME',
    meaning: 'how fields are sealed on the wire: A256GCM or XC20P',
  },
  credential: {
    type: 'string',
    default: 'secret',
    value: 'KIND',
    meaning: 'how the appliance proves itself to the login: secret or certificate',
  },
  sync: {
    type: 'string',
    default: 'auto',
    value: 'MODE',
    meaning: 'how changes are learned of: auto (told and asked), webhook or delta (asked only)',
  },
  settle: {
    type: 'string',
    default: '0',
    value: 'SECONDS',
    meaning: 'wait after the last change of an event before it is written',
  },
  people: { type: 'string', default: '0', value: 'N', meaning: 'so many people more, for load tests' },
  rooms: { type: 'string', default: '0', value: 'N', meaning: 'so many rooms more' },
  reset: { type: 'boolean', default: false, meaning: 'start over with a new tenant' },
} as const;

/** Both start with the same command of ours: the single file is Node and program at once. */
const ONE_FILE: Program = { command: process.execPath, argv: [] };
const SOURCES: Program = { command: process.execPath, argv: [...process.execArgv, process.argv[1] ?? ''] };

export const command: Command = {
  name: 'staging',
  summary: 'run a whole installation on this machine, against a simulated Microsoft 365, KMS and Webex',
  help: {
    examples: [
      ['staging', 'set it up in .staging and tell what happens, until Ctrl-C'],
      ['staging --reset', 'the same with a new tenant'],
      ['staging --admin-port 0 --public-port 0 --cloud-port 0', 'beside whatever listens here already'],
      ['staging --sync delta', 'as in a network that nobody reaches from outside'],
      ['staging --credential certificate', 'prove the appliance by a certificate instead of a secret'],
    ],
    usage: ['staging [options]'],
    options: OPTIONS,
    exits: [EXIT.failure],
  },
  async run(argv) {
    const { values } = parseCommandLine(argv, OPTIONS);
    const dataDir = resolve(values['data-dir']);
    const credential = oneOf(values.credential, ['secret', 'certificate'], 'credential');
    const say = (line: string): boolean => process.stdout.write(`${line}\n`);
    try {
      const settings = {
        adminPort: await freePort(wholeNumber(values, 'admin-port'), '--admin-port'),
        publicPort: await freePort(wholeNumber(values, 'public-port'), '--public-port'),
        cloudPort: await freePort(wholeNumber(values, 'cloud-port'), '--cloud-port'),
        morePeople: wholeNumber(values, 'people'),
        moreRooms: wholeNumber(values, 'rooms'),
        fieldEncryption: values['field-encryption'],
        settleSeconds: wholeNumber(values, 'settle'),
        syncMode: oneOf(values.sync, ['auto', 'webhook', 'delta'], 'mode of sync'),
        credential,
      };
      const layout = new Layout(dataDir);
      layout.makeRoot();
      const unlock = lockInstallation(dataDir);
      try {
        if (values.reset) layout.reset();
        await supervise(
          { ...settings, dataDir, program: isSea() ? ONE_FILE : SOURCES, show: narrator(say) },
          say,
        );
      } finally {
        unlock();
      }
      return EXIT.ok;
    } catch (thrown) {
      return fail(thrown instanceof Error ? thrown.message : 'staging could not start.', EXIT.failure);
    }
  },
};

/** Runs the installation until this process is asked to stop. */
async function supervise(options: StagingOptions, say: (line: string) => void): Promise<void> {
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => done());
  });
  // Only now: the help must not wait for it to load.
  const { Supervisor } = await import('../staging/supervisor.ts');
  const supervisor = new Supervisor(options);
  const started = supervisor.start().then((facts) => say(welcome(facts, options.dataDir)));
  try {
    await Promise.race([stopped, started.then(() => stopped)]);
  } finally {
    await supervisor.stop();
    // A start that was broken off ends with the stop; nobody waits for it any more.
    await started.catch(() => undefined);
  }
}

function wholeNumber(
  values: Readonly<Record<string, unknown>>,
  name: 'admin-port' | 'public-port' | 'cloud-port' | 'people' | 'rooms' | 'settle',
): number {
  const text = String(values[name]);
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`--${name} wants a whole number.`);
}

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
