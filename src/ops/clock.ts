import type { Clock } from '../domain/ports.ts';

/** Longer timers overflow in Node and would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** virtual = virtualBase + (real - realBase) * speed; all in epoch milliseconds. */
export interface ClockState {
  readonly realBase: number;
  readonly virtualBase: number;
  /** 0 stands still. */
  readonly speed: number;
}

/** The clock of `staging`: it can jump and run faster. Socket time-outs stay real (design D12). */
export interface SteeredClock extends Clock {
  /** Takes effect at once, for those who sleep now too. */
  steer(state: ClockState): void;
}

interface Sleeper {
  /** Instant on the virtual clock. */
  due: number;
  timer: NodeJS.Timeout | undefined;
  readonly wake: () => void;
}

/** The clock of the machine. Sleeps are measured on its monotonic side: a correction of the time moves no sleeper. */
export function realClock(): Clock {
  const sleeping = new VirtualClock(() => performance.now());
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) => sleeping.sleep(ms, signal),
  };
}

/** Starts in step with the machine's clock. `monotonicMs` stays real: a jump must not end anybody's deadline. */
export function steeredClock(): SteeredClock {
  return new VirtualClock(() => Date.now());
}

class VirtualClock implements SteeredClock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #real: () => number;
  #state: ClockState = { realBase: 0, virtualBase: 0, speed: 1 };

  constructor(real: () => number) {
    this.#real = real;
  }

  now(): number {
    return Math.floor(this.#at(this.#state));
  }

  monotonicMs(): number {
    return performance.now();
  }

  steer(state: ClockState): void {
    const jump = this.#at(state) - this.#at(this.#state);
    this.#state = state;
    for (const sleeper of this.#sleepers) {
      // A jump back must not lengthen a sleep; a jump forward ends it.
      if (jump < 0) sleeper.due += jump;
      this.#arm(sleeper);
    }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(sleeper.timer);
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { due: this.#at(this.#state) + ms, timer: undefined, wake };
      signal?.addEventListener('abort', wake, { once: true });
      this.#sleepers.add(sleeper);
      this.#arm(sleeper);
    });
  }

  #at(state: ClockState): number {
    return state.virtualBase + (this.#real() - state.realBase) * state.speed;
  }

  #arm(sleeper: Sleeper): void {
    clearTimeout(sleeper.timer);
    const left = (sleeper.due - this.#at(this.#state)) / this.#state.speed;
    // At speed 0 the quotient is no number or infinite: the timer then only keeps the process alive.
    const real = Number.isNaN(left) ? 0 : Math.ceil(Math.max(0, left));
    sleeper.timer = setTimeout(() => this.#ring(sleeper), Math.min(real, MAX_TIMER_MS));
  }

  #ring(sleeper: Sleeper): void {
    if (this.#at(this.#state) >= sleeper.due) sleeper.wake();
    else this.#arm(sleeper);
  }
}
