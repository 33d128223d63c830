import Database from 'better-sqlite3';
import type { Alarm } from '../domain/alarm.ts';
import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/ports.ts';

/**
 * Whether a write found the disk full. The alarm stands in memory, since a full disk has no room for its row; it ends with the first
 * write that gets through while the disk has room again.
 */
export class FullDisk {
  readonly #clock: Clock;
  readonly #changed: (full: boolean) => void;
  readonly #hasRoom: () => boolean;
  #since: number | null = null;

  constructor(clock: Clock, hasRoom: () => boolean, changed: (full: boolean) => void) {
    this.#clock = clock;
    this.#hasRoom = hasRoom;
    this.#changed = changed;
  }

  get isFull(): boolean {
    return this.#since !== null;
  }

  /** At most one. */
  alarms(): Alarm[] {
    return this.#since === null
      ? []
      : [{ id: 'disk-full', subject: '', since: this.#since, reason: 'DISK_FULL' }];
  }

  /** What a transaction threw, in the appliance's words. */
  failed(thrown: unknown): unknown {
    if (!(thrown instanceof Database.SqliteError) || thrown.code !== 'SQLITE_FULL') return thrown;
    if (this.#since === null) {
      this.#since = this.#clock.now();
      this.#changed(true);
    }
    return new AppError({
      code: 'unavailable',
      reason: 'DISK_FULL',
      message: 'The disk of store.data_dir is full: free some space.',
      cause: thrown,
    });
  }

  /** A transaction that changed something was committed. A small one may find a last corner on a full disk. */
  written(): void {
    if (this.#since === null || !this.#hasRoom()) return;
    this.#since = null;
    this.#changed(false);
  }
}
