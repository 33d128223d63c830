import { EXIT_MEANINGS, type ExitCode } from '../ops/exit-codes.ts';
import type { Command, OptionSpec } from './command.ts';

const PROGRAM = 'hybrid-calendar';
const EVERYWHERE: readonly ExitCode[] = [0, 2];

/** How a heading is shown; plain where there is no terminal. */
export type Heading = (text: string) => string;

type Rows = readonly (readonly [left: string, right: string])[];

/** The help of one command: examples first. */
export function commandHelp({ name, summary, help }: Command, heading: Heading): string {
  const { examples, usage, options, exits } = help;
  const codes = [...EVERYWHERE, ...exits].sort((a, b) => a - b);
  return [
    `${PROGRAM} ${name}: ${summary}`,
    section('Examples', table(examples.map(([line, meaning]) => [`${PROGRAM} ${line}`, meaning])), heading),
    section('Usage', usage.map((line) => `  ${PROGRAM} ${line}`).join('\n'), heading),
    section('Options', table([...Object.entries(options).map(optionRow), HELP_ROW]), heading),
    section('Exit codes', table(codes.map((code) => [String(code), EXIT_MEANINGS[code]])), heading),
  ].join('\n\n');
}

/** The overview of all commands. */
export function overview(commands: readonly Command[], heading: Heading): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    `${PROGRAM}: Microsoft 365 calendars in Webex, sealed under your own keys`,
    section('Usage', `  ${PROGRAM} COMMAND [options]`, heading),
    section('Commands', table(rows), heading),
    `"${PROGRAM} help COMMAND" or "${PROGRAM} COMMAND --help" tells more.`,
  ].join('\n\n');
}

const HELP_ROW = ['--help, -h', 'this text'] as const;

function section(title: string, body: string, heading: Heading): string {
  return `${heading(title)}\n${body}`;
}

function optionRow([name, spec]: readonly [string, OptionSpec]): readonly [string, string] {
  const value = spec.value === undefined ? '' : ` ${spec.value}`;
  const isText = typeof spec.default === 'string' && spec.default !== '';
  const extras = [
    ...(isText ? [`default: ${spec.default}`] : []),
    ...(spec.multiple === true ? ['may be given several times'] : []),
  ];
  return [`--${name}${value}`, `${spec.meaning}${extras.length === 0 ? '' : ` (${extras.join('; ')})`}`];
}

function table(rows: Rows): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`.trimEnd()).join('\n');
}
