import { setTimeout as rest } from 'node:timers/promises';
import type { Installation } from '../../test/system/installation.ts';
import type { ApplianceDatabase } from './appliance-database.ts';
import { judgeAcknowledged, type Violation } from './judge.ts';
import { childOf, unhinderedMs } from './process-facts.ts';
import { answered, type Json } from './steadfast-outlook.ts';

export type Target = 'appliance' | 'cloud';

export interface Kill {
  readonly target: Target;
  /** The process that came after it was killed too, in the middle of its start. */
  readonly again: boolean;
  /** Jobs that the appliance was working on when it died; 0 for the cloud. */
  readonly jobsUnderWay: number;
  /** Null for the cloud. */
  readonly firstLease: FirstLease | null;
  /** Notifications that had been acknowledged by then, all of them looked for. */
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
}

/** From the start of the new process to its first job, in milliseconds. */
export interface FirstLease {
  readonly sinceStartMs: number;
  /** The same without what the process waited for a processor: other programs on the machine are not its fault. */
  readonly unhinderedMs: number;
}

interface Death {
  readonly line: number;
  readonly jobsUnderWay: number;
  readonly violations: readonly Violation[];
}

/** The appliance works on within this time after its start, on a machine that has a processor for it. */
export const FIRST_LEASE_LIMIT_MS = 2_000;
const RETURN_MS = 30_000;
const FIRST_LEASE = /first job leased \(.*sinceStartMs (\d+)/;

/** Ends one of the two processes with SIGKILL, waits until it is back, and looks at what has to hold then. */
export class Killer {
  readonly #installation: Installation;
  readonly #database: ApplianceDatabase;

  constructor(installation: Installation, database: ApplianceDatabase) {
    this.#installation = installation;
    this.#database = database;
  }

  /** With `againAfterMs` the new process is killed too, so long after its birth: mostly before it is ready. */
  async kill(target: Target, againAfterMs: number | null): Promise<Kill> {
    const pid = this.#pidOf(target);
    const deaths = [await this.#death(target, pid)];
    const starting = againAfterMs === null ? null : await this.#newborn(target);
    if (starting !== null) {
      await rest(againAfterMs ?? 0);
      deaths.push(await this.#death(target, starting));
    }
    const dead = [pid, starting];
    await this.#installation.until(
      () => this.#installation.facts.ready && !dead.includes(this.#pidOf(target)),
      RETURN_MS,
    );
    const seen = deaths.at(-1)?.line ?? 0;
    const firstLease = target === 'appliance' ? await this.#firstLease(seen) : null;
    const kept = await this.#acknowledged();
    return {
      target,
      again: starting !== null,
      jobsUnderWay: deaths[0]?.jobsUnderWay ?? 0,
      firstLease,
      acknowledged: kept.count,
      violations: [
        ...deaths.flatMap(({ violations }) => violations),
        ...lateness(firstLease),
        ...kept.violations,
        ...this.#corruption('after'),
      ],
    };
  }

  /** Looks at the appliance's file while nobody has it open: as the kill left it. `line` is where the output stood before. */
  async #death(target: Target, pid: number): Promise<Death> {
    const line = this.#installation.output.length;
    process.kill(pid, 'SIGKILL');
    await this.#untilLine(line, new RegExp(`the ${target} ended \\(SIGKILL\\)`));
    if (target === 'cloud') return { line, jobsUnderWay: 0, violations: [] };
    return { line, jobsUnderWay: this.#database.leasedJobs(), violations: this.#corruption('before') };
  }

  /** The process that is started in place of the dead one; null where nobody tells its id before it is ready. */
  async #newborn(target: Target): Promise<number | null> {
    if (process.platform !== 'linux') return null;
    let pid: number | null = null;
    await this.#installation.until(() => {
      pid = childOf(this.#installation.pid, `staging-${target}`);
      return pid !== null;
    });
    return pid;
  }

  #corruption(when: 'before' | 'after'): Violation[] {
    const found = this.#database.integrity();
    if (found === 'ok') return [];
    return [
      { rule: 'corrupt', what: `PRAGMA integrity_check ${when} the restart is not ok`, facts: { found } },
    ];
  }

  /** Looked at a little later than the lease: the unhindered time is an upper bound. */
  async #firstLease(seen: number): Promise<FirstLease> {
    const line = await this.#untilLine(seen, FIRST_LEASE);
    const sinceStartMs = Number(FIRST_LEASE.exec(line)?.[1]);
    const unhindered = unhinderedMs(this.#pidOf('appliance')) ?? sinceStartMs;
    return { sinceStartMs, unhinderedMs: Math.round(Math.min(sinceStartMs, unhindered)) };
  }

  /** The record of the cloud first: what it holds was answered before the database is read. */
  async #acknowledged(): Promise<{ count: number; violations: Violation[] }> {
    const { controlUrl } = this.#installation.facts;
    const answer = await answered(() => this.#installation.call('GET', `${controlUrl}/graph/notifications`));
    const { acknowledged }: Json = answer.json;
    const violations = judgeAcknowledged(acknowledged, this.#database.notifications());
    return { count: acknowledged.length, violations };
  }

  async #untilLine(seen: number, wanted: RegExp): Promise<string> {
    let found: string | undefined;
    await this.#installation.until(() => {
      found = this.#installation.output.slice(seen).find((line) => wanted.test(line));
      return found !== undefined;
    }, RETURN_MS);
    return found ?? '';
  }

  #pidOf(target: Target): number {
    const { appliancePid, cloudPid } = this.#installation.facts;
    return target === 'appliance' ? appliancePid : cloudPid;
  }
}

function lateness(lease: FirstLease | null): Violation[] {
  if (lease === null || lease.unhinderedMs <= FIRST_LEASE_LIMIT_MS) return [];
  const what = `the first job was leased ${lease.unhinderedMs} ms after the start`;
  return [{ rule: 'late', what, facts: { ...lease, limitMs: FIRST_LEASE_LIMIT_MS } }];
}
