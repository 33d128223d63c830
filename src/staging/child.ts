import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How this same program is started: by Node from its sources, or as the single file that it is. */
export interface Program {
  readonly command: string;
  readonly argv: readonly string[];
}

export interface ChildOptions {
  /** The command of ours and its arguments. */
  readonly argv: readonly string[];
  /** Called for every new process, before anything else: what it has to be told first. */
  readonly greet: (send: (message: object) => void) => void;
  readonly message: (message: unknown) => void;
  readonly line: (line: string) => void;
  /** It ended although nobody stopped it; it is started again after a short rest. */
  readonly died: (code: number | null, signal: string | null) => void;
}

const REST_MIN_MS = 200;
const REST_MAX_MS = 5_000;
const STOP_MS = 12_000;

/** One supervised process: started again whenever it dies. */
export class Child {
  readonly #options: ChildOptions;
  readonly #program: Program;
  #process: ChildProcess | undefined;
  #stopping = false;
  #restMs = REST_MIN_MS;

  constructor(program: Program, options: ChildOptions) {
    this.#program = program;
    this.#options = options;
    this.#spawn();
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  send(message: object): void {
    if (this.#process?.connected === true) tell(this.#process, message);
  }

  /** It works: the next death counts as the first. */
  healthy(): void {
    this.#restMs = REST_MIN_MS;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  }

  // In a process group of its own, so that Ctrl-C reaches the supervisor alone and the order of the stop is kept.
  #spawn(): void {
    const { command, argv } = this.#program;
    const child = spawn(command, [...argv, ...this.#options.argv], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#process = child;
    child.on('message', (message) => this.#options.message(message));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', this.#options.line);
    }
    child.once('exit', (code, signal) => this.#ended(code, signal));
    this.#options.greet((message) => tell(child, message));
  }

  #ended(code: number | null, signal: string | null): void {
    if (this.#stopping) return;
    this.#options.died(code, signal);
    setTimeout(() => {
      if (!this.#stopping) this.#spawn();
    }, this.#restMs);
    this.#restMs = Math.min(REST_MAX_MS, this.#restMs * 2);
  }
}

/** What a process that has just died did not hear is no fault: its end is noticed by itself, and the next one is greeted anew. */
function tell(child: ChildProcess, message: object): void {
  child.send(message, () => undefined);
}
