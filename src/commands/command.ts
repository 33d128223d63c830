/** One command of the program. Its module is loaded only when it is called. */
export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  readonly usage: string;
  /** Resolves to the exit code. */
  run(argv: readonly string[]): Promise<number>;
}
