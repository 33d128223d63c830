import type { Clock } from '../domain/ports.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { describeFault } from './fault-description.ts';

/** All of a stop together, and after an uncaught fault (reference: engineering.md B.8). */
const STOP_MS = 10_000;
const FAULT_STOP_MS = 3_000;

export interface LifecycleDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly stopping: (reason: string) => void;
  readonly fault: (reason: string, error: unknown) => void;
  readonly exit: (code: ExitCode) => void;
}

/** Ends one part. The signal fires when its time is over; what is then still running is left behind. */
export type StopStep = (signal: AbortSignal) => void | Promise<void>;

interface Step {
  readonly name: string;
  readonly deadlineMs: number;
  readonly stop: StopStep;
}

/** The part of `process` that it listens to. */
interface SignalSource {
  on(event: string, listener: (...parts: unknown[]) => void): unknown;
}

/**
 * Stops the parts in the reverse order of their start, each within its own deadline and all within 10 s, and then leaves with
 * an exit code. A step that fails or hangs is reported, does not hold up the others, and makes the exit code 1.
 */
export class Lifecycle {
  readonly #deps: LifecycleDeps;
  readonly #steps: Step[] = [];
  readonly #abort = new AbortController();
  #stopped: Promise<void> | null = null;
  #clean = true;

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
  }

  /** Fires at the beginning of the stop: workers take nothing new. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** To be called right after the part has started. */
  onStop(name: string, deadlineMs: number, stop: StopStep): void {
    this.#steps.push({ name, deadlineMs, stop });
  }

  /** SIGTERM and SIGINT stop in order, a second one leaves at once (safe: every hop is committed); faults leave with 70. */
  attach(source: SignalSource): void {
    for (const name of ['SIGTERM', 'SIGINT']) source.on(name, () => this.#signalled(name));
    source.on('uncaughtException', (error) => {
      this.#deps.fault('UNCAUGHT', error);
      void this.stop('fault', EXIT.internal);
    });
  }

  /** Runs once; later calls join the first. */
  stop(reason: string, code: ExitCode = EXIT.ok): Promise<void> {
    this.#stopped ??= this.#stop(reason, code);
    return this.#stopped;
  }

  #signalled(name: string): void {
    if (this.#stopped === null) void this.stop(name);
    else this.#deps.exit(EXIT.failure);
  }

  async #stop(reason: string, code: ExitCode): Promise<void> {
    this.#deps.stopping(reason);
    this.#abort.abort();
    const total = code === EXIT.internal ? FAULT_STOP_MS : STOP_MS;
    const end = this.#deps.clock.monotonicMs() + total;
    for (const step of this.#steps.reverse()) {
      await this.#run(step, Math.max(0, Math.min(step.deadlineMs, end - this.#deps.clock.monotonicMs())));
    }
    this.#deps.exit(code === EXIT.ok && !this.#clean ? EXIT.failure : code);
  }

  #troubled(reason: string, error: unknown): void {
    this.#clean = false;
    this.#deps.fault(reason, error);
  }

  async #run(step: Step, deadlineMs: number): Promise<void> {
    const abort = new AbortController();
    const { promise: overdue, resolve } = Promise.withResolvers<'overdue'>();
    const timer = setTimeout(() => resolve('overdue'), deadlineMs);
    try {
      const ended = await Promise.race([Promise.resolve(step.stop(abort.signal)), overdue]);
      if (ended === 'overdue') this.#troubled(`STOP_OVERDUE:${step.name}`, null);
    } catch (error) {
      this.#troubled(`STOP_FAILED:${step.name}`, error);
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }
}

/**
 * Resolves after SIGTERM or SIGINT when `stop` has ended; leaves the process by itself with 70 after an uncaught fault, and
 * with 1 when the stop fails, hangs or a second signal comes. Faults go to standard error when nobody takes them.
 */
export function untilStopped(
  stop: (reason: string) => Promise<void>,
  fault: LifecycleDeps['fault'] = printFault,
): Promise<void> {
  return new Promise((resolve) => {
    let why = '';
    const lifecycle = new Lifecycle({
      clock: { monotonicMs: () => performance.now() },
      stopping: (reason) => {
        why = reason;
      },
      fault,
      exit: (code) => (code === EXIT.ok ? resolve() : process.exit(code)),
    });
    lifecycle.onStop('appliance', STOP_MS, () => stop(why));
    lifecycle.attach(process);
  });
}

/** Classes, codes and places only: messages may quote content. */
function printFault(reason: string, error: unknown): void {
  process.stderr.write(
    `${JSON.stringify({ level: 'error', event: 'appliance.fault', reason, ...describeFault(error) })}\n`,
  );
}
