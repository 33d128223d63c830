import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../ops/exit-codes.ts';
import type { Facts } from '../staging/staging-facts.ts';
import type { Command } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { complain, print } from './terminal.ts';

const HOUR_MS = 3_600_000;
const NOBODY: string[] = [];
const OPTIONS = {
  as: { type: 'string', default: '', value: 'NAME', meaning: 'who books: part of a name or address' },
  with: {
    type: 'string',
    multiple: true,
    default: NOBODY,
    value: 'NAME',
    meaning: 'who is invited: part of the name or address of a person or room',
  },
  subject: { type: 'string', default: 'A meeting', value: 'TEXT', meaning: 'subject' },
  location: { type: 'string', default: '@webex', value: 'TEXT', meaning: 'location' },
  body: { type: 'string', default: '<p>See you there</p>', value: 'HTML', meaning: 'body' },
  start: {
    type: 'string',
    value: 'TIME',
    meaning: 'e.g. 2026-12-01T10:00:00Z (default: the next full hour)',
  },
  minutes: { type: 'string', default: '30', value: 'N', meaning: 'how long it lasts' },
  'data-dir': { type: 'string', default: '.staging', value: 'DIR', meaning: 'data directory of the staging' },
} as const;

export const command: Command = {
  name: 'book',
  summary: 'book a meeting as one of the simulated people of a running staging',
  help: {
    examples: [
      ['book --as astrid --with bruno --subject "Budget"', 'with @webex as its location'],
      ['book --as chidi --with aurora --location "@meet:myroom"', 'with a room'],
    ],
    usage: ['book --as NAME [--with NAME ...] [options]'],
    options: OPTIONS,
    exits: [EXIT.unavailable],
  },
  async run(argv) {
    const { values } = parseCommandLine(argv, OPTIONS);
    const file = join(values['data-dir'], 'staging.json');
    if (!existsSync(file))
      return fail(
        `${file} is not there: start staging first (hybrid-calendar staging, from source npm start).`,
      );
    const facts: Facts = JSON.parse(readFileSync(file, 'utf8'));
    const find = (part: string) =>
      [...facts.users, ...facts.rooms].find((one) =>
        `${one.name} ${one.address}`.toLowerCase().includes(part.toLowerCase()),
      );
    const owner = find(values.as);
    const missing = [values.as, ...values.with].find((part) => find(part) === undefined);
    if (owner === undefined || missing !== undefined)
      return fail(`nobody is called "${missing}". There are: ${names(facts)}.`);
    const attendees = values.with.flatMap((part) => find(part) ?? []);
    const start = values.start === undefined ? nextHour() : new Date(values.start);
    if (Number.isNaN(start.getTime())) return fail('--start wants a time such as 2026-12-01T10:00:00Z.');
    const { subject, location, body } = values;
    const minutes = Number(values.minutes);
    if (!(minutes > 0)) return fail('--minutes wants a number above 0.');
    const { book } = await import('../staging/outlook.ts');
    const refused = await tried(() =>
      book(facts, { ownerId: owner.entraId, subject, location, body, start, minutes, attendees }),
    );
    if (refused !== null) return refused;
    print(`${owner.name} booked “${subject}” at ${start.toISOString()} in ${location}.`);
    return EXIT.ok;
  },
};

/** Null when it went well, else the exit code after the reason was told. */
async function tried(work: () => Promise<void>): Promise<number | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : '';
    complain(`book: the meeting was not booked; is staging running? ${reason}`);
    return EXIT.unavailable;
  }
}

function nextHour(): Date {
  return new Date(Math.ceil((Date.now() + 1) / HOUR_MS) * HOUR_MS);
}

function names(facts: Facts): string {
  return [...facts.users, ...facts.rooms].map((one) => one.name).join(', ');
}

function fail(message: string): number {
  complain(`book: ${message}`);
  return EXIT.usage;
}
