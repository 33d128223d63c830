import { type AppError, asAppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/ports.ts';
import type { Store, Writer } from '../domain/store-port.ts';
import type { SyncEvents } from './sync-deps.ts';

const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 5_000;

/**
 * Writes about what has happened already, which must get through sooner or later. The first failure is reported; the following
 * ones are not, until one of these writes has succeeded again.
 */
export class PatientWrites {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #events: Pick<SyncEvents, 'fault'>;
  readonly #end = new AbortController();
  #reported = false;
  #waiting = 0;

  constructor(store: Store, clock: Clock, events: Pick<SyncEvents, 'fault'>) {
    this.#store = store;
    this.#clock = clock;
    this.#events = events;
  }

  /** Some write has failed and is waiting to be tried again. */
  get stuck(): boolean {
    return this.#waiting > 0;
  }

  /** Waiting is over: the appliance stops. */
  end(): void {
    this.#end.abort();
  }

  /** Throws an AppError, after reporting it. */
  async once<T>(work: (w: Writer) => T): Promise<T> {
    try {
      return await this.#store.writeTogether(work);
    } catch (thrown) {
      const error = asAppError(thrown);
      if (!this.#reported) this.#events.fault(error.reason, error);
      this.#reported = true;
      throw error;
    }
  }

  /** Repeated for as long as `passes` expects the failure to pass; after `end` one last try is made. Throws the last AppError. */
  async repeatedly<T>(work: (w: Writer) => T, passes: (error: AppError) => boolean = () => true): Promise<T> {
    for (let restMs = FIRST_REST_MS; ; restMs = Math.min(LONGEST_REST_MS, restMs * 2)) {
      const last = this.#end.signal.aborted;
      const result = await this.once(work).then(
        (value) => ({ value }),
        (error: AppError) => ({ error }),
      );
      if ('value' in result) {
        this.#reported = false;
        return result.value;
      }
      if (last || !passes(result.error)) throw result.error;
      await this.#rest(restMs);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#waiting += 1;
    await this.#clock.sleep(ms, this.#end.signal);
    this.#waiting -= 1;
  }
}
