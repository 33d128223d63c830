import type { Alarm, AlarmId } from '../domain/alarm.ts';
import type { AppError, Upstream } from '../domain/app-error.ts';
import { type JobKind, NEEDS } from '../domain/job.ts';
import type { Clock, Random } from '../domain/ports.ts';
import { pauseMs } from '../domain/retry.ts';

interface Health {
  lastSuccessAt: number | null;
  /** Failed probes in a row; 0 while all is well. */
  failures: number;
  pausedUntil: number;
  /** When the pause began: a clock that was set back since then would make it as much longer. */
  pausedAt: number;
  /** Until when the upstream itself asked to be left alone; 0 when it did not. */
  askedUntil: number;
  reason: string | null;
}

export interface UpstreamChange {
  readonly upstream: Upstream;
  readonly alarm: AlarmId | null;
  readonly reason: string;
  /** Under which the upstream's support finds the call that failed. */
  readonly trackingId?: string;
}

/**
 * Health of the three upstreams, in memory: after a restart one probe finds out anew, and an alarm that stands from before is
 * cleared by the first answer. A paused upstream gets one probing job at a time; ten thousand jobs must not each discover that
 * Webex is down (engineering.md B.3, 7).
 */
export class Upstreams {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #health: Record<Upstream, Health>;
  readonly #changed: (change: UpstreamChange) => void;

  /** `standing`: the alarms that were left by the last run. */
  constructor(
    clock: Clock,
    random: Random,
    standing: readonly Alarm[],
    changed: (change: UpstreamChange) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#changed = changed;
    const left = (upstream: Upstream): Health => {
      const reason = standing.find(({ id }) => alarmsOf(upstream).includes(id))?.reason ?? null;
      return {
        lastSuccessAt: null,
        failures: reason === null ? 0 : 1,
        pausedAt: 0,
        pausedUntil: 0,
        askedUntil: 0,
        reason,
      };
    };
    this.#health = { graph: left('graph'), kms: left('kms'), webex: left('webex') };
  }

  health(upstream: Upstream): Readonly<Health> {
    return this.#health[upstream];
  }

  succeeded(upstream: Upstream): void {
    const health = this.#health[upstream];
    health.lastSuccessAt = this.#clock.now();
    if (health.failures === 0) return;
    const reason = health.reason ?? '';
    Object.assign(health, { failures: 0, pausedUntil: 0, askedUntil: 0, reason: null });
    this.#changed({ upstream, alarm: null, reason });
  }

  /** Returns when the upstream may be probed next, as an instant. `mostMs`: the longest pause that is bearable now. */
  failed(upstream: Upstream, error: AppError, mostMs = Number.MAX_SAFE_INTEGER): number {
    const health = this.#health[upstream];
    const now = this.#clock.now();
    // Several jobs were on their way when it broke: they count as one failed probe.
    if (health.failures > 0 && now < this.#restsUntil(health)) return health.pausedUntil;
    health.failures += 1;
    health.reason = error.reason;
    health.pausedAt = now;
    health.askedUntil = now + (error.retryAfterMs ?? 0);
    health.pausedUntil = now + pauseMs(health.failures, this.#random.unit(), error.retryAfterMs, mostMs);
    const { reason, trackingId } = error;
    const tracked = trackingId === undefined ? {} : { trackingId };
    if (health.failures === 1)
      this.#changed({ upstream, alarm: alarmOf(upstream, error), reason, ...tracked });
    return health.pausedUntil;
  }

  /** Jobs of this kind can't wait: what they need and rests is probed at once, unless it asked to be left alone. */
  hasten(kind: JobKind): void {
    const now = this.#clock.now();
    for (const upstream of NEEDS[kind]) {
      const health = this.#health[upstream];
      health.pausedUntil = Math.min(health.pausedUntil, Math.max(now, health.askedUntil));
    }
  }

  /**
   * `rest`: an upstream it needs is paused. `probe`: one job of this kind may try. `free`: no limit. `without`: an upstream that it
   * can do without for now.
   */
  admission(kind: JobKind, without: Upstream | null = null): 'free' | 'probe' | 'rest' {
    const troubled = NEEDS[kind]
      .filter((upstream) => upstream !== without)
      .map((upstream) => this.#health[upstream])
      .filter((health) => health.failures > 0);
    if (troubled.length === 0) return 'free';
    return troubled.some((health) => this.#clock.now() < this.#restsUntil(health)) ? 'rest' : 'probe';
  }

  /** The next instant at which a paused upstream may be probed; null when none is paused. */
  nextProbeAt(): number | null {
    const paused = Object.values(this.#health).filter((health) => health.failures > 0);
    return paused.length === 0 ? null : Math.min(...paused.map((health) => this.#restsUntil(health)));
  }

  #restsUntil({ pausedAt, pausedUntil }: Health): number {
    return this.#clock.now() < pausedAt ? 0 : pausedUntil;
  }
}

/** The three alarms about one upstream. */
export function alarmsOf(upstream: Upstream): AlarmId[] {
  const all: Record<Upstream, AlarmId[]> = {
    graph: ['graph-unreachable', 'graph-refused'],
    kms: ['kms-unreachable', 'kms-refused', 'kms-untrusted'],
    webex: ['webex-unreachable', 'webex-refused'],
  };
  return all[upstream];
}

function alarmOf(upstream: Upstream, error: AppError): AlarmId {
  if (error.code === 'tampered' && upstream === 'kms') return 'kms-untrusted';
  const refused = error.code === 'forbidden' || error.code === 'unauthenticated';
  return `${upstream}-${refused ? 'refused' : 'unreachable'}`;
}
