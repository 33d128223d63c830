/** What the bundler writes into the program (scripts/bundle.ts). From source there is none. */
interface Stamp {
  readonly commit: string;
  /** The text of appliance.config.toml. */
  readonly defaultConfig: string;
}

declare const PROGRAM_STAMP: Stamp | undefined;

export const STAMP: Stamp | null = typeof PROGRAM_STAMP === 'undefined' ? null : PROGRAM_STAMP;
