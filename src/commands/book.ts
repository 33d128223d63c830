import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT } from '../ops/exit-codes.ts';
import { book } from '../staging/outlook.ts';
import type { Facts } from '../staging/staging-facts.ts';
import type { Command } from './command.ts';

const HOUR_MS = 3_600_000;
const NOBODY: string[] = [];
const OPTIONS = {
  'data-dir': { type: 'string', default: '.staging' },
  as: { type: 'string', default: '' },
  with: { type: 'string', multiple: true, default: NOBODY },
  subject: { type: 'string', default: 'A meeting' },
  location: { type: 'string', default: '@webex' },
  body: { type: 'string', default: '<p>See you there</p>' },
  start: { type: 'string' },
  minutes: { type: 'string', default: '30' },
} as const;

export const command: Command = {
  name: 'book',
  summary: 'book a meeting as one of the simulated people of a running staging',
  usage: `hybrid-calendar book --as NAME [--with NAME ...] [--subject TEXT] [--location @webex] [--body HTML] [--start ISO-TIME]
         [--minutes 30] [--data-dir .staging]     (NAME: part of a name or address; people and rooms)`,
  async run(argv) {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
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
    await book(facts, {
      ownerId: owner.entraId,
      subject,
      location,
      body,
      start,
      minutes: Number(values.minutes),
      attendees,
    });
    process.stdout.write(`${owner.name} booked “${subject}” at ${start.toISOString()} in ${location}.\n`);
    return EXIT.ok;
  },
};

function nextHour(): Date {
  return new Date(Math.ceil((Date.now() + 1) / HOUR_MS) * HOUR_MS);
}

function names(facts: Facts): string {
  return [...facts.users, ...facts.rooms].map((one) => one.name).join(', ');
}

function fail(message: string): number {
  process.stderr.write(`hybrid-calendar book: ${message}\n`);
  return EXIT.usage;
}
