import type { ExitCode } from '../ops/exit-codes.ts';

/** One option, as `parseArgs` of Node takes it and as the help shows it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** Shown as default where it is a text. */
  readonly default?: string | boolean | string[];
  readonly multiple?: boolean;
  /** What stands for the value in the help, e.g. `FILE`. */
  readonly value?: string;
  readonly meaning: string;
}

export type Options = Readonly<Record<string, OptionSpec>>;

export interface CommandHelp {
  /** What most people want, first. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Without the program's name. */
  readonly usage: readonly string[];
  readonly options: Options;
  /** Exit codes besides 0 and 2, which every command may give. */
  readonly exits: readonly ExitCode[];
}

/** One command of the program. Its module is loaded only when it is called. */
export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  readonly help: CommandHelp;
  /** Resolves to the exit code. Throws UsageError for what the caller did wrong. */
  run(argv: readonly string[]): Promise<number>;
}

/** For every command that reads the appliance's configuration. */
export const CONFIG_OPTION = {
  type: 'string',
  default: 'appliance.config.toml',
  value: 'FILE',
  meaning: 'configuration file',
} as const satisfies OptionSpec;

/** The options of a command that has no other. */
export const CONFIG_ONLY = { config: CONFIG_OPTION } as const;

/** For the children of staging: nobody calls them by hand. */
export const CHILD_HELP: CommandHelp = { examples: [], usage: ['staging'], options: {}, exits: [] };
