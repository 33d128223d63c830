/** Where the simulated time stands: at real time `realBase` it was `virtualBase`, and it runs `speed` times as fast. */
export interface ClockState {
  readonly realBase: number;
  readonly virtualBase: number;
  readonly speed: number;
}

export const REAL_TIME: ClockState = { realBase: 0, virtualBase: 0, speed: 1 };

/** The one controllable clock of an installation (design D12). Sockets and their time-outs stay on real time. */
export class SteeredClock {
  #state: ClockState;
  readonly #steered = new Set<() => void>();

  constructor(state: ClockState) {
    this.#state = state;
  }

  get state(): ClockState {
    return this.#state;
  }

  /** Simulated epoch milliseconds. */
  now(): number {
    const { realBase, virtualBase, speed } = this.#state;
    return Math.floor(virtualBase + (Date.now() - realBase) * speed);
  }

  /** Jumps by milliseconds (either way) and sets the speed; timers that wait are re-timed. */
  steer(change: { readonly jumpMs?: number; readonly speed?: number }): ClockState {
    const speed = change.speed ?? this.#state.speed;
    this.#state = { realBase: Date.now(), virtualBase: this.now() + (change.jumpMs ?? 0), speed };
    for (const retime of this.#steered) retime();
    return this.#state;
  }

  /** Calls back once the simulated instant is reached; the returned function cancels. */
  at(instant: number, callback: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      clearTimeout(timer);
      const realMs = (instant - this.now()) / this.#state.speed;
      // Node fires timers beyond 2^31 ms at once: wait in slices.
      timer = setTimeout(
        () => (this.now() >= instant ? fire() : arm()),
        Math.max(0, Math.min(realMs, 3_600_000)),
      );
      timer.unref();
    };
    const cancel = (): void => {
      clearTimeout(timer);
      this.#steered.delete(arm);
    };
    const fire = (): void => {
      cancel();
      callback();
    };
    this.#steered.add(arm);
    arm();
    return cancel;
  }
}
