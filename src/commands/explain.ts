import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { openJoinRules } from '../appliance-join-rules.ts';
import { FILE_TYPES, type FileType, fileTypeOf } from '../domain/invitation-file/file-type.ts';
import { readInvitation } from '../domain/invitation-file/invitation-file.ts';
import { builtInRules } from '../domain/join-target/built-in-rules.ts';
import { explanationOf } from '../domain/join-target/explanation.ts';
import type { JoinRules } from '../domain/join-target/join-source.ts';
import { decideJoinTarget } from '../domain/join-target/join-target.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { sodiumReady } from '../seal/sodium.ts';
import type { Command } from './command.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { configOf } from './config-file.ts';
import { explainText } from './explain-text.ts';
import { complain, print, styled } from './terminal.ts';

const OPTIONS = {
  type: {
    type: 'string',
    value: 'TYPE',
    meaning: `what the file is: ${FILE_TYPES.join(', ')} (default: by its name)`,
  },
  json: { type: 'boolean', meaning: 'print the explanation as JSON; its members stay, others may be added' },
  config: { type: 'string', value: 'FILE', meaning: 'use the rules and the order of this configuration' },
} as const;

/** Needs neither configuration nor network nor a running appliance; nothing is kept. */
export const command: Command = {
  name: 'explain',
  summary: 'tell how an invitation’s meeting is joined, what else it holds, and why so',
  help: {
    examples: [
      ['explain invitation.eml', 'a mail, with its HTML, its text and its calendar part'],
      ['explain event.json --json', 'an event as Microsoft Graph sends it, for a program'],
      ['explain - --type html < body.html', 'from standard input'],
      ['explain meeting.ics --config appliance.config.toml', 'with your own rules and order'],
    ],
    usage: [
      'explain FILE [--type TYPE] [--json] [--config FILE]',
      'explain - --type TYPE [--json] [--config FILE]',
    ],
    options: OPTIONS,
    exits: [EXIT.io, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const [file, second] = positionals;
    if (file === undefined) throw new UsageError('the file is missing; "-" reads standard input.');
    if (second !== undefined) throw new UsageError('explain takes one file at a time.');
    const type = typeOf(file, values.type);
    const rules = await rulesOf(values.config);
    if (typeof rules === 'number') return rules;
    const bytes = await bytesOf(file);
    const invitation = bytes === null ? null : await readInvitation(type, bytes);
    if (invitation === null) return unreadable(file, type, bytes === null);
    const explanation = explanationOf(decideJoinTarget(invitation, rules));
    if (values.json === true) print(JSON.stringify(explanation, null, 2));
    else print(explainText(explanation, (text) => styled('bold', text)));
    return EXIT.ok;
  },
};

function typeOf(file: string, given: string | undefined): FileType {
  if (given !== undefined) return oneOf(given, FILE_TYPES, 'type');
  const type = file === '-' ? null : fileTypeOf(file);
  if (type !== null) return type;
  throw new UsageError(
    `the name does not tell what the file is: give --type, one of ${FILE_TYPES.join(', ')}.`,
  );
}

async function rulesOf(configFile: string | undefined): Promise<JoinRules | number> {
  if (configFile === undefined) return builtInRules();
  const config = configOf(configFile);
  if (typeof config === 'number') return config;
  await sodiumReady();
  return openJoinRules(config.joinTargets);
}

async function bytesOf(file: string): Promise<Uint8Array | null> {
  try {
    return file === '-' ? await buffer(process.stdin) : readFileSync(file);
  } catch {
    return null;
  }
}

function unreadable(file: string, type: FileType, missing: boolean): number {
  const what = missing
    ? 'can’t be read: check its path and who may read it.'
    : `is no ${type} file with an invitation: check --type and what the file holds.`;
  complain(`explain: ${file === '-' ? 'standard input' : file} ${what}`);
  return EXIT.io;
}
