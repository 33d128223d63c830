import { writeFileSync } from 'node:fs';
import { withJoinBlock } from '../domain/join-block/join-block.ts';
import {
  DEFAULT_SETTINGS,
  type JoinBlockSettings,
  type JoinDetails,
  joinBlockOf,
} from '../domain/join-block/join-details.ts';
import { LANGUAGES, type Language, wordingOf } from '../domain/join-block/languages.ts';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { configOf } from './config-file.ts';
import { complain, print } from './terminal.ts';

const OPTIONS = {
  language: { type: 'string', value: 'CODE', meaning: 'language of the block, e.g. sv or pt-BR' },
  text: { type: 'boolean', meaning: 'as in a plain-text invitation' },
  out: { type: 'string', value: 'FILE', meaning: 'file to write, over an older one' },
  config: {
    type: 'string',
    value: 'FILE',
    meaning:
      'configuration file whose parts, header and footer are shown; without it all parts and none of these',
  },
} as const;

/** A meeting that has everything. */
const DETAILS: JoinDetails = {
  link: 'https://nordwind.webex.com/meet/astrid.lindqvist',
  videoAddress: 'astrid.lindqvist@nordwind.webex.com',
  meetingNumber: '23456789012',
  password: 'kV7mPz3qRw2',
  phones: [{ number: '+46 10 555 01 00', place: 'Sweden Toll' }],
  accessCode: '2345 678 9012',
};

export const command: Command = {
  name: 'preview',
  summary: 'write a join block into a file to look at, in any language',
  help: {
    examples: [
      ['preview --language sv', 'write join-block-sv.html'],
      ['preview --language ar --text --out ar.txt', 'the plain text of it'],
      [
        'preview --language sv --config appliance.config.toml',
        'with your own header, footer and choice of parts',
      ],
    ],
    usage: ['preview --language CODE [--text] [--out FILE] [--config FILE]'],
    options: OPTIONS,
    exits: [EXIT.io, EXIT.config],
  },
  async run(argv) {
    const { values } = parseCommandLine(argv, OPTIONS);
    if (values.language === undefined)
      throw new UsageError(`the language is missing: --language with one of ${LANGUAGES.join(', ')}.`);
    const language = oneOf(values.language, LANGUAGES, 'language');
    const config = values.config === undefined ? null : configOf(values.config);
    if (typeof config === 'number') return config;
    const isText = values.text === true;
    const settings = { ...(config?.joinBlock ?? DEFAULT_SETTINGS), language };
    const file = values.out ?? `join-block-${language}.${isText ? 'txt' : 'html'}`;
    return write(file, isText ? previewText(settings) : previewPage(settings, language), language);
  },
};

function write(file: string, content: string, language: Language): number {
  try {
    writeFileSync(file, content);
  } catch {
    complain(`preview: ${file} is not written: its folder must exist and be writable.`);
    return EXIT.io;
  }
  const { name, reviewed } = wordingOf(language);
  print(`${file} is written (${name}).`);
  if (!reviewed) print('No native speaker has reviewed this language yet.');
  return EXIT.ok;
}

function previewText(settings: JoinBlockSettings): string {
  return blockIn('text', '', settings).trimEnd().concat('\n');
}

/** Follows the light or dark scheme of whoever looks at it, as mail programs do. */
function previewPage(settings: JoinBlockSettings, language: Language): string {
  const page = [
    '<!DOCTYPE html>',
    `<html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">`,
    `<meta name="viewport" content="width=device-width"><title>${wordingOf(language).title}</title></head>`,
    '<body style="margin:24px;font-family:\'Segoe UI\',Aptos,Calibri,Arial,sans-serif;font-size:14px">',
    '</body></html>',
    '',
  ];
  return blockIn('html', page.join('\n'), settings);
}

function blockIn(contentType: 'html' | 'text', content: string, settings: JoinBlockSettings): string {
  const block = joinBlockOf(DETAILS, settings, null);
  return withJoinBlock({ contentType, content }, block)?.content ?? content;
}
